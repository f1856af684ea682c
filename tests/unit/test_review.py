"""The list of translations that await review: what is in it, and what comes of it when it is sent back."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from mande import languages
from mande.cli import mande
from mande.surveys.authoring import review
from mande.surveys.authoring.review import Entry

QUESTIONNAIRE = """\
code: sample
languages: [en, fr, sw]
machine_made: [fr]
title: {en: Sample, fr: Exemple, sw: Mfano}
sections:
  - code: only
    title: {en: Only, sw: Pekee}
    questions:
      - {code: why, type: long_text, text: {en: "= Why?", fr: "= Pourquoi ?", sw: Kwa nini?}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the catalogues, and one questionnaire, in a folder of their own."""
    shutil.copytree(review.CATALOGUES, tmp_path / "catalogues")
    (tmp_path / "catalogues" / "reviewed.csv").unlink(missing_ok=True)
    (tmp_path / "questionnaires").mkdir()
    (tmp_path / "questionnaires" / "sample.yaml").write_text(QUESTIONNAIRE)
    monkeypatch.setattr(review, "ROOT", tmp_path)
    monkeypatch.setattr(review, "CATALOGUES", tmp_path / "catalogues")
    monkeypatch.setattr(review, "QUESTIONNAIRES", tmp_path / "questionnaires")
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(mande, ["translations", *arguments])
    assert result.exit_code == 0, result.output
    return result


def lines(place: Path, *options: str) -> list[dict[str, str]]:
    path = place / "list.csv"
    run("list", "--out", str(path), *options)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def send_back(place: Path, rows: list[dict[str, str]]) -> str:
    path = place / "back.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, review.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return run("reviewed", str(path)).output


def test_every_translation_of_the_interface_is_in_the_list_with_each_of_its_forms() -> None:
    found = list(review.entries())
    minutes = [entry for entry in found if entry.message == "It takes about %(num)s minute."]

    assert {entry.language for entry in found if entry.place == "interface"} == set(languages.INTERFACE[1:])
    assert [(one.language, one.place) for one in minutes] == [
        ("fr", "interface, one"), ("fr", "interface, other"), ("es", "interface, one"), ("es", "interface, other"),
        ("ar", "interface, zero"), ("ar", "interface, one"), ("ar", "interface, two"), ("ar", "interface, few"),
        ("ar", "interface, many"), ("ar", "interface, other"),
    ]  # fmt: skip
    assert minutes[0].text == "It takes about %(num)s minute."
    assert minutes[1].text == "It takes about %(num)s minutes."
    assert len({(one.language, one.place, one.text) for one in found}) == len(found)


def test_of_questionnaires_only_the_languages_marked_as_made_by_a_machine_are_in_the_list(place: Path) -> None:
    found = [entry for entry in review.entries() if entry.place.startswith("questionnaires")]

    assert found == [
        Entry("fr", "questionnaires/sample.yaml: title", "Sample", "Exemple"),
        Entry("fr", "questionnaires/sample.yaml: question.why.text", "= Why?", "= Pourquoi ?"),
    ]


def test_the_questions_of_the_library_are_in_the_list_too() -> None:
    data = {
        "machine_made": ["fr"],
        "scales": {"agreement": [{"code": 1, "label": {"en": "No", "fr": "Non"}}]},
        "questions": [{"code": "why", "type": "short_text", "text": {"en": "Why?", "fr": "Pourquoi ?"}}],
    }

    assert list(review.of_questionnaire("library", data)) == [
        Entry("fr", "library: scale.agreement.1", "No", "Non"),
        Entry("fr", "library: question.why.text", "Why?", "Pourquoi ?"),
    ]


def test_what_a_reviewer_signs_leaves_the_list_and_stays_with_name_and_date(place: Path) -> None:
    before = lines(place, "--language", "fr")
    signed = [
        {**before[0], "reviewed_by": "Ana Reviewer"},
        {**before[-1], "reviewed_by": "Ana", "reviewed_on": "2027-01-31"},
    ]
    said = send_back(place, [*before[1:-1], *signed])

    assert "2 translations are ticked off, 0 of the interface corrected." in said
    assert lines(place, "--language", "fr") == before[1:-1]
    everything = {(row["place"], row["text"]): row for row in lines(place, "--language", "fr", "--all")}
    last = everything[before[-1]["place"], before[-1]["text"]]
    assert (last["text"], last["reviewed_by"], last["reviewed_on"]) == ("'= Why?", "Ana", "2027-01-31")
    assert f"fr  Français: 2 of {len(before)} texts reviewed." in run("state").output


def test_a_correction_goes_into_the_catalogue_and_its_compiled_form(place: Path) -> None:
    rows = [row for row in lines(place, "--language", "ar")
            if row["text"] == "Welcome" or row["place"] == "interface, few"]  # fmt: skip
    welcome = next(row for row in rows if row["text"] == "Welcome")
    few = next(row for row in rows if row["text"] == "It takes about %(num)s minutes.")
    signed = [{**welcome, "translation": "مرحبًا", "reviewed_by": "Nur"},
              {**few, "translation": "%(num)s دقائق", "reviewed_by": "Nur"}]  # fmt: skip
    before = list(review._of_interface("ar"))
    said = send_back(place, signed)

    assert "2 of the interface corrected." in said
    changed = [new for old, new in zip(before, review._of_interface("ar"), strict=True) if old != new]
    assert {(entry.place, entry.text, entry.translation) for entry in changed} == {
        (row["place"], row["text"], row["translation"]) for row in signed
    }
    compiled = (place / "catalogues" / "ar" / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert "%(num)s دقائق\0".encode() in compiled
    awaiting = {(row["place"], row["text"]) for row in lines(place, "--language", "ar")}
    assert awaiting.isdisjoint({(row["place"], row["text"]) for row in (welcome, few)})


def test_a_correction_that_loses_what_is_filled_in_is_not_taken(place: Path) -> None:
    name = next(row for row in lines(place, "--language", "es") if row["text"] == "Thank you, %(name)s.")
    said = send_back(place, [{**name, "translation": "Gracias, %(nombre)s.", "reviewed_by": "Ana"}])

    assert "0 translations are ticked off" in said
    assert "Not taken, es in interface" in said
    assert name in lines(place, "--language", "es")


def test_a_correction_of_a_questionnaire_is_named_and_counts_once_it_is_made(place: Path) -> None:
    title = next(row for row in lines(place) if row["text"] == "Sample")
    said = send_back(place, [{**title, "translation": "Spécimen", "reviewed_by": "Ana"}])

    assert "To be corrected by hand, fr in questionnaires/sample.yaml: title: Spécimen" in said
    assert title in lines(place)
    path = place / "questionnaires" / "sample.yaml"
    path.write_text(path.read_text().replace("Exemple", "Spécimen"))
    assert "Sample" not in [row["text"] for row in lines(place)]


def test_a_file_that_is_reviewed_throughout_is_named_so_that_its_mark_can_go(place: Path) -> None:
    title, why = (row for row in lines(place) if row["place"].startswith("questionnaires"))
    said = "All of questionnaires/sample.yaml is reviewed in fr"

    assert said not in send_back(place, [{**title, "reviewed_by": "Ana"}])
    assert said in send_back(place, [{**why, "reviewed_by": "Ana"}])


def test_a_tick_ends_when_the_text_or_its_translation_changes(place: Path) -> None:
    title = next(row for row in lines(place) if row["text"] == "Sample")
    send_back(place, [{**title, "reviewed_by": "Ana"}])
    assert title not in lines(place)
    path = place / "questionnaires" / "sample.yaml"
    original = path.read_text()

    for changed in (original.replace("en: Sample", "en: A sample"), original.replace("Exemple", "Modèle")):
        path.write_text(changed)
        assert [row["place"] for row in lines(place)].count("questionnaires/sample.yaml: title") == 1


def test_lines_whose_text_is_gone_and_lists_without_a_column_are_named(place: Path) -> None:
    gone = dict.fromkeys(review.COLUMNS, "") | {"language": "fr", "text": "Was here", "reviewed_by": "Ana"}
    assert "No longer there, fr" in send_back(place, [gone])

    path = place / "wrong.csv"
    path.write_text("language,text\nfr,Welcome\n")
    result = CliRunner().invoke(mande, ["translations", "reviewed", str(path)])
    assert result.exit_code == 1
    assert "no column 'place'" in result.output
