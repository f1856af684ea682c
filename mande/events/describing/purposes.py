"""The official codes of what aid is for: DAC sectors (151) and the CRS purposes within them (15121). Pure."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "data" / "crs-purposes.csv"


@dataclass(frozen=True)
class Purpose:
    """A sector, whose own `sector` is empty, or a purpose; no longer used from the day `withdrawn`, if not empty."""

    code: str
    sector: str
    name_en: str
    name_fr: str
    withdrawn: str

    def name(self, language: str = "en") -> str:
        """The official name in French where the list has it and French is asked for, else in English."""
        return self.name_fr if language == "fr" and self.name_fr else self.name_en


@cache
def sectors() -> dict[str, Purpose]:
    """Every DAC sector by its three digits, in order."""
    return {one.code: one for one in _listed() if not one.sector}


@cache
def purposes() -> dict[str, Purpose]:
    """Every CRS purpose by its five digits, in order."""
    return {one.code: one for one in _listed() if one.sector}


def name(code: str | None, language: str = "en") -> str:
    """What a sector or purpose is called; empty where the list has no such code."""
    found = sectors().get(code or "") or purposes().get(code or "")
    return found.name(language) if found else ""


def _listed() -> list[Purpose]:
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [Purpose(row["code"], row["sector"], row["name_en"], row["name_fr"], row["withdrawn"]) for row in rows]
