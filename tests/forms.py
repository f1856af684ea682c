"""XLSForms written as text, for tests: rows are lines, cells stand between bars."""

from typing import Any

from mande.surveys.authoring.xlsform import Table
from mande.surveys.authoring.xlsform import reading
from mande.surveys.authoring.xlsform.reading import Imported


def table(text: str) -> Table:
    """The cells of a text such as "type | name\\ntext | q1". Lines without a bar are a single cell."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def read(survey: str, choices: str = "", settings: str = "") -> Imported:
    """What is made of the form that these texts describe."""
    sheets = {"survey": survey, "choices": choices, "settings": settings}
    return reading.read({name: table(text) for name, text in sheets.items() if text}, "form")


def questions(imported: Imported) -> dict[str, dict[str, Any]]:
    """The questions by their codes."""
    return {question["code"]: question for section in imported.data["sections"] for question in section["questions"]}


def said(imported: Imported) -> list[str]:
    """The list of what was not carried over, save what every foreign form lacks."""
    usual = ("mande::role", "mande::minutes", "mande::core")
    return [str(one) for one in imported.differences if one.column not in usual]
