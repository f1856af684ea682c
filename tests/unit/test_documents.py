"""What the documents refer to is there: a claim that names its test has that test, a link leads somewhere."""

import re
from pathlib import Path

import pytest

from mande.config import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
KNOWN = set(re.findall(r"^def (test_\w+)", TESTS, re.MULTILINE))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    files = re.findall(r"`((?:tests/\w+/)?test_\w+\.py)`", text)
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}

    assert [name for name in re.findall(r"`(test_\w+)`", text) if name not in KNOWN] == []
    assert [name for name in files if name.rpartition("/")[2] not in there] == []
    assert [name for name in files if "/" in name and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_promise_names_a_test_for_most_of_its_lines() -> None:
    """So that the tests above look at something."""
    assert len(set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")))) > 35
