"""What style sheets must not say, if pages are to follow the reader's scheme and the direction of their language."""

import re
from pathlib import Path

import pytest

from mande.config import ROOT

SHEETS = sorted((ROOT / "static").glob("*.css"))
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|:\s*(?:white|black)\b", re.IGNORECASE)
NAMED = re.compile(r"--[\w-]+:\s*[^;]+;")
SIDED = re.compile(r"(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)|float:\s*(?:left|right)|"
                   r"(?<![\w-])(?:left|right):")  # fmt: skip
ELSEWHERE = re.compile(r"@import|url\(|@font-face")


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.stem for sheet in SHEETS])
def test_a_style_sheet_names_colours_once_and_start_and_end_instead_of_left_and_right(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert COLOUR.findall(NAMED.sub("", text)) == []
    assert SIDED.findall(text) == []
    assert ELSEWHERE.findall(text) == []


def test_each_colour_that_is_used_has_a_name_and_each_name_a_use() -> None:
    texts = [sheet.read_text(encoding="utf-8") for sheet in SHEETS]
    named = {name for text in texts for name in re.findall(r"(--[\w-]+):", text)}
    used = {name for text in texts for name in re.findall(r"var\((--[\w-]+)\)", text)}

    assert named == used
