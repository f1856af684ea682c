"""`mande questionnaire export`, `import` and `paper`, as they are typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result
from flask import Flask

from mande import db
from mande import startup
from mande import workbooks
from mande.cli import mande
from mande.surveys.questionnaires import definition
from tests import builders


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs `mande questionnaire ...` on the application of the test, in a folder of its own; PDFs hold their page."""
    monkeypatch.setattr(startup, "ready_app", lambda *_settings: app)
    monkeypatch.setattr("mande.pdf.render", lambda page: b"%PDF-" + page.encode())
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(mande, ["questionnaire", *arguments])

    return run


def test_a_questionnaire_goes_to_a_workbook_and_comes_back_the_same(run, tmp_path: Path) -> None:
    exported = run("export", "speakers", "--xlsform", "form.xlsx")
    imported = run("import", "form.xlsx", "--to", "again.yaml")

    assert exported.exit_code == imported.exit_code == 0
    assert "What other programs do otherwise:" in exported.output
    assert imported.output == "Wrote again.yaml.\n"
    assert definition.load(tmp_path / "again.yaml") == definition.find("speakers")


def test_what_was_not_carried_over_and_what_is_still_to_do_is_listed(run, tmp_path: Path) -> None:
    languages = ["label::English (en)", "label::French (fr)", "label::Spanish (es)"]
    form = [["type", "name", *languages], ["text", "A", "One", ""], ["text", "b", "Two", "Deux"]]
    (tmp_path / "form.xlsx").write_bytes(workbooks.write({"survey": form}))
    told = run("import", "form.xlsx", "--to", "form.yaml", "--role", "speaker").output

    assert "survey, row 2, name: 'A' cannot be a code, or is taken; it is called 'a'." in told
    assert "survey, label::Spanish (es): nothing is said in this language; it was left out." in told
    assert "What is still to do before it can be used:" in told
    assert "is missing in fr." in told


def test_commands_say_in_a_sentence_what_is_wrong(run, tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"no")
    (tmp_path / "there.yaml").write_text("code: x")
    (tmp_path / "form.xlsx").write_bytes(workbooks.write({"survey": [["type", "name"], ["text", "a"]]}))

    for arguments, words in (
        (("export", "nothing", "--xlsform", "x.xlsx"), "There is no questionnaire 'nothing'"),
        (("export", "speakers", "--xlsform", "no/x.xlsx"), "could not be written"),
        (("import", "no.xlsx", "--to", "x.yaml"), "The file is no workbook"),
        (("import", "form.xlsx", "--to", "there.yaml"), "is there already"),
        (("paper", "speakers", "--language", "xx", "-o", "x.pdf"), "is not in 'xx'"),
        (("paper", "speakers", "--event", "NONE", "-o", "x.pdf"), "NONE"),
        (("paper", "speakers", "-o", "there.yaml/x.pdf"), "could not be written"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert words in result.output
    assert (tmp_path / "there.yaml").read_text() == "code: x"


def test_paper_is_made_for_anybody_or_for_an_event(run, tmp_path: Path) -> None:
    with db.transaction() as session:
        builders.make_event(session)

    assert run("paper", "participants", "-o", "any.pdf").exit_code == 0
    assert run("paper", "participants", "--language", "fr", "--event", "WP1873v", "-o", "one.pdf").exit_code == 0
    assert "WP1873v" not in (tmp_path / "any.pdf").read_text()
    assert "WP1873v" in (tmp_path / "one.pdf").read_text()
    assert 'lang="fr"' in (tmp_path / "one.pdf").read_text()
