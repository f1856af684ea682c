"""Which year's report is asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mande.languages import INTERFACE
from mande.languages import SOURCE
from mande.reports.kinds import Level
from mande.reports.kinds import Paper
from mande.reports.portfolio.chosen import Chosen

WORK = "annual report"
"""What the queue calls it."""
YEARS = 5
"""How many years its trends show."""
LEVELS = (Level.INTERNAL, Level.PUBLIC)
FORMS = ("pdf", "xlsx")


@dataclass(frozen=True)
class Wanted:
    """A report on the events that began in a year. `form` is "pdf" or "xlsx"."""

    year: int
    level: Level = Level.INTERNAL
    programme: str = ""
    language: str = SOURCE
    paper: Paper = Paper.A4
    form: str = "pdf"

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Wanted | None":
        """Reads what a form or a queue says; None where no year is given. What is not understood is as usual."""
        year, level, paper = (str(given.get(name, "")) for name in ("year", "level", "paper"))
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and YEARS < int(year) < 9998):
            return None
        language, form = str(given.get("language", "")), str(given.get("form", ""))
        return cls(
            year=int(year),
            level=Level(level) if level in LEVELS else Level.INTERNAL,
            programme=str(given.get("programme", ""))[:200],
            language=language if language in INTERFACE else SOURCE,
            paper=Paper(paper) if paper in list(Paper) else Paper.A4,
            form=form if form in FORMS else "pdf",
        )

    def told(self) -> dict[str, Any]:
        """What `read` reads again."""
        return {name: str(value) for name, value in vars(self).items()}

    @property
    def events(self) -> Chosen:
        """The events of the year and of those before it that trends show."""
        return Chosen(since=f"{self.year - YEARS + 1:04}", until=f"{self.year:04}", programme=self.programme)

    @property
    def file_name(self) -> str:
        return f"annual-report-{self.year}-{self.level}-{self.language}.{self.form}"
