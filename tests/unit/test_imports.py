import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.importing import columns
from mande.surveys.importing import imports
from mande.surveys.importing import tables
from mande.surveys.importing.columns import ColumnsError
from mande.surveys.importing.columns import lay_out
from mande.surveys.importing.columns import letter
from mande.surveys.importing.imports import ImportRefusedError
from mande.surveys.importing.imports import Placed
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import find
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import load
from mande.surveys.questionnaires.definition import parse
from mande.surveys.questionnaires.matching import fold

DATA = Path(__file__).resolve().parents[1] / "data" / "carpentries"
PARTICIPANTS = find("participants")
LONGTERM = find("carpentries-longterm-2019")
CARPENTRYCON = find("carpentrycon-home-2020")


def place(definition: Definition, header: str, *rows: str, **options: Iterable[str]) -> Placed:
    """Places rows written as "cell | cell" under a header written so."""
    layout = lay_out(definition, cells(header), **options)
    return imports.place(definition, layout, [(number, cells(row)) for number, row in enumerate(rows, 2)])


def placed(header: str, *rows: str, **options: Iterable[str]) -> list[Answers]:
    return place(PARTICIPANTS, header, *rows, **options).responses


def refused(definition: Definition, header: str, *rows: str, **options: Iterable[str]) -> list[str]:
    with pytest.raises(ImportRefusedError) as caught:
        place(definition, header, *rows, **options)
    return [str(refusal) for refusal in caught.value.refusals]


def misfits(header: str, **options: Iterable[str]) -> list[str]:
    with pytest.raises(ColumnsError) as caught:
        lay_out(PARTICIPANTS, cells(header), **options)
    return list(caught.value.problems)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def test_cells_hold_codes_or_labels_in_any_language() -> None:
    found = placed("usefulness", "5", "Extremely useful", "EXTRÊMEMENT  utile", "5.0")

    assert found == [{"usefulness": "5"}] * 4


def test_apostrophes_may_be_straight_or_typographic() -> None:
    found = placed("voice_heard", "Pas du tout d'accord", "Pas du tout d’accord")

    assert found == [{"voice_heard": "1"}] * 2
    assert fold("I don`t “know”") == fold('I don’t "know"')


def test_an_option_is_known_by_its_aliases() -> None:
    found = place(LONGTERM, "behavior_adopted", "Using databases, scripts and queries to manage large data sets")

    assert found.responses == [{"behavior_adopted": ["db"]}]


def test_headers_name_codes_and_rows_of_a_matrix_and_forgive_case() -> None:
    found = placed("Usefulness | inclusion_access.safe_to_speak | improve", "4 | 2 | Shorter breaks")

    assert found == [{"usefulness": "4", "inclusion_access.safe_to_speak": "2", "improve": "Shorter breaks"}]


def test_an_empty_cell_is_a_missing_answer_and_an_empty_response_still_counts() -> None:
    assert placed("usefulness | recommend", "4 |", "| 0", "NA | NA", missing=["NA"]) == [
        {"usefulness": "4"},
        {"recommend": "0"},
        {},
    ]


def test_several_choices_are_split_and_what_is_no_option_becomes_others_text() -> None:
    found = place(PARTICIPANTS, "intended_use", "brief; Pour un film;To work with somebody who took part;A song")

    assert found.responses == [
        {"intended_use": ["brief", "joint_work", "other"], "intended_use.other": "Pour un film; A song"}
    ]
    assert found.others == {"intended_use": 1}


def test_other_may_be_chosen_by_its_code_with_its_text_in_a_column_of_its_own() -> None:
    found = placed("intended_use.other | intended_use", "A film | brief;other", "A film | brief", "A film |", "| other")

    both: Answers = {"intended_use": ["brief", "other"], "intended_use.other": "A film"}
    assert found == [
        both,
        both,
        {"intended_use": ["other"], "intended_use.other": "A film"},
        {"intended_use": ["other"]},
    ]


def test_texts_of_other_from_both_columns_are_joined_whichever_comes_first() -> None:
    (one,) = placed("intended_use.other | intended_use", "A | B")
    (two,) = placed("intended_use | intended_use.other", "B | A")

    assert one == {"intended_use": ["other"], "intended_use.other": "A; B"}
    assert two == {"intended_use": ["other"], "intended_use.other": "B; A"}
    assert refused(PARTICIPANTS, "intended_use | intended_use.other", f"{'x' * 150} | {'y' * 150}")


def test_others_text_beside_another_single_choice_is_refused() -> None:
    said = refused(LONGTERM, "workshop_country | workshop_country.other", "Norway | Peru", "| Peru")

    assert said == [
        "Row 2, column workshop_country.other: “Peru”. "
        "Allowed: nothing, since the answer to workshop_country is no and not other."
    ]
    (found,) = place(LONGTERM, "workshop_country | workshop_country.other", "| Peru").responses
    assert found == {"workshop_country": "other", "workshop_country.other": "Peru"}


def test_a_refusal_says_row_column_value_and_what_would_be_allowed_for_all_rows_at_once() -> None:
    said = refused(PARTICIPANTS, "usefulness | new_contacts", "6 | many", "5 | None", "so-so | 1 or 2", missing=["NA"])

    scale = "1 = Not at all useful, 2 = Slightly useful, 3 = Moderately useful, 4 = Very useful, 5 = Extremely useful"
    contacts = "none, one_or_two = 1 or 2, three_to_five = 3 to 5, six_or_more = 6 or more"
    not_applicable = "a mark (--not-applicable) where not applicable"
    assert said == [
        f"Row 2, column usefulness: “6”. Allowed: {scale}; empty or NA where missing; {not_applicable}.",
        f"Row 2, column new_contacts: “many”. Allowed: {contacts}; empty or NA where missing.",
        f"Row 4, column usefulness: “so-so”. Allowed: {scale}; empty or NA where missing; {not_applicable}.",
    ]


def test_a_choice_among_several_that_is_none_is_named() -> None:
    definition = find("participants")
    (said,) = refused(definition, "recommend", "10;11")
    assert "“10;11”" in said

    single = refused(CARPENTRYCON, "session_relevant_theme", "2;5")
    assert "2;5" in single[0]


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    (said,) = refused(PARTICIPANTS, "most_valuable", "x" * 201)

    assert said.endswith("Allowed: a text of up to 200 characters; this has 201.")
    assert refused(PARTICIPANTS, "intended_use", "x" * 201)


def test_a_mark_of_not_applicable_works_where_the_question_allows_it_and_nowhere_else() -> None:
    found = place(CARPENTRYCON, "presenters_clear | nps", "6 | 6", not_applicable=["6"])

    assert found.responses == [{"presenters_clear": "na", "nps": "6"}]
    said = refused(CARPENTRYCON, "session_relevant_theme", "6", not_applicable=["6"])
    assert said[0].startswith("Row 2, column session_relevant_theme: “6”.")


def test_a_general_mark_of_missing_spares_the_questions_where_it_is_an_option_and_tells() -> None:
    found = place(CARPENTRYCON, "presenters_clear | nps", "0 | 0", missing=["0"])

    assert found.responses == [{"nps": "0"}]
    assert found.marks_passed_over == {("0", "nps"): 1}


def test_a_mark_for_one_column_works_there_alone_even_where_it_is_an_option() -> None:
    found = place(CARPENTRYCON, "presenters_clear | nps", "0 | 0", missing=["nps=0", "presenters_clear=0"])

    assert found.responses == [{}]
    assert refused(CARPENTRYCON, "presenters_clear | presenters_prepared", "0 | 0", missing=["presenters_clear=0"]) == [
        "Row 2, column presenters_prepared: “0”. Allowed: 1 = 1 (lowest), 2, 3, 4, 5 = 5 (highest); "
        "empty where missing; a mark (--not-applicable) where not applicable."
    ]


def test_marks_apply_to_texts_and_forgive_case() -> None:
    assert placed("improve | usefulness", "n/a | N/A", missing=["N/A"]) == [{}]


def test_the_word_na_means_nothing_unless_it_is_given_as_a_mark() -> None:
    assert refused(PARTICIPANTS, "usefulness", "NA", "na")
    assert placed("usefulness", "na", not_applicable=["na"]) == [{"usefulness": "na"}]


def test_a_text_that_looks_like_a_mark_is_kept_and_told() -> None:
    found = place(PARTICIPANTS, "improve | intended_use", "n/a | -", "- | brief", "other | other")

    assert found.responses[0] == {"intended_use": ["other"], "intended_use.other": "-", "improve": "n/a"}
    assert found.texts_like_marks == {("n/a", "improve"): 1, ("-", "intended_use"): 1, ("-", "improve"): 1}
    assert found.others == {"intended_use": 2}


def test_a_cell_in_which_nothing_can_be_seen_is_a_missing_answer() -> None:
    assert placed("usefulness | intended_use | improve", "\u200b | \u200b;; | \ufeff") == [{}]


def test_a_refusal_is_one_line_that_cannot_steer_a_terminal_however_long_the_value() -> None:
    (said,) = refused(PARTICIPANTS, "usefulness", "\x1b[2Ja\nb" + "x" * 500)

    assert said.startswith("Row 2, column usefulness: “[2Ja bxxx")
    assert "xxx…”. Allowed" in said
    assert "\n" not in said
    assert len(said) < 400


def test_columns_can_be_named_and_left_out() -> None:
    layout = lay_out(
        PARTICIPANTS,
        ["Timestamp", "How useful? (1=5)", "Name", "name"],
        columns=["how useful? (1=5)=usefulness"],
        ignore=["timestamp", "Name"],
    )

    assert [(column.number, column.code) for column in layout.columns] == [(1, "usefulness")]
    assert "recommend" in layout.absent
    assert "inclusion_access.language" in layout.absent
    assert "intended_use.other" not in layout.absent


def test_everything_that_does_not_fit_about_columns_is_said_at_once() -> None:
    said = misfits(
        "usefulnes | voice_heard | Voice_heard | inclusion_access | | extra",
        columns=["nowhere=usefulness", "extra=shoe_size", "plain"],
        ignore=["gone"],
        missing=["gone=NA", "usefulness="],
        not_applicable=["gone=6", "NA"],
    )

    assert [problem.split(":")[0] for problem in said[:4]] == [
        "--column “nowhere=usefulness”",
        "--column “extra=shoe_size”",
        "--column “plain”",
        "--ignore “gone”",
    ]
    rest = "\n".join(said[4:])
    assert "Column A, “usefulnes”: The questionnaire has no question with this code (is it usefulness?)." in rest
    assert "inclusion_access is a matrix; a column names one of its rows: inclusion_access.time_zone," in rest
    assert "Column E has no heading." in rest
    assert "Column F, “extra”" in rest
    assert "More than one column is for voice_heard: B (“voice_heard”), C (“Voice_heard”)." in rest
    assert "--missing “gone=NA”: there is no column “gone”" in rest
    assert "an empty cell is missing anyway" in rest
    assert "--not-applicable “gone=6”" in rest


def test_marks_that_contradict_or_cannot_apply_are_refused() -> None:
    assert misfits("usefulness", missing=["6"], not_applicable=["6"]) == [
        "--not-applicable “6”: this mark is given with --missing too."
    ]
    assert misfits("usefulness", missing=["usefulness=6"], not_applicable=["usefulness=6"]) == [
        "--not-applicable “usefulness=6”: this mark is given with --missing too."
    ]
    assert misfits("recommend", not_applicable=["recommend=11"]) == [
        "--not-applicable “recommend=11”: recommend has no answer “not applicable”."
    ]


def test_a_file_of_nothing_but_ignored_columns_is_refused() -> None:
    assert misfits("name | date", ignore=["name", "date"]) == ["No column is left that names a question."]


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(number: int, letters: str) -> None:
    assert letter(number) == letters


def test_a_value_refused_again_and_again_looks_like_a_mark() -> None:
    assert imports.most_refused(["NA"] * 5 + ["x"] * 4) == "NA"
    assert imports.most_refused(["NA"] * 4) is None
    assert imports.most_refused([str(number) for number in range(20)]) is None
    assert imports.most_refused([]) is None


@pytest.mark.parametrize(
    ("definition", "file", "options"),
    [
        (LONGTERM, "20200326-longterm-other_questions-no-open.csv", {"missing": ["NA"]}),
        (LONGTERM, "20200326-longterm-professional_profile-no-open.csv", {"missing": ["NA"]}),
        (
            CARPENTRYCON,
            "2020_carpentryconhome_raw.csv",
            {"not_applicable": ["6"], "missing": ["presenters_clear=0"]},
        ),
    ],
    ids=["longterm", "profile", "carpentrycon"],
)
def test_every_value_of_the_real_files_finds_its_place(
    definition: Definition, file: str, options: dict[str, Any]
) -> None:
    table = tables.read((DATA / file).read_bytes())
    found = imports.place(definition, lay_out(definition, table.header, **options), table.rows)

    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        written = list(csv.DictReader(lines))
    assert len(found.responses) == len(written)
    empty = {"", "NA"}
    for row, response in zip(written, found.responses, strict=True):
        given_codes = {column for column, value in row.items() if value not in empty and (column, value) != STRAY}
        assert {code for code in response if not code.endswith(".other")} == given_codes


STRAY = ("presenters_clear", "0")


def test_choices_that_nobody_foresaw_are_few_in_the_real_files() -> None:
    table = tables.read((DATA / "20200326-longterm-other_questions-no-open.csv").read_bytes())

    found = imports.place(LONGTERM, lay_out(LONGTERM, table.header, missing=["NA"]), table.rows)

    assert found.others == {
        "workshop_attended_content": 7,
        "behavior_adopted": 6,
        "how_tools_help": 9,
        "community_involvement": 8,
        "other_activities": 5,
    }


choices = st.sampled_from(["1", "5", "6", "0", "", "NA", "Very useful", "x", "none", "brief;none", "other", "🙂"])


@given(st.lists(st.tuples(choices, choices, choices, st.text(max_size=10).map(str.strip)), max_size=8))
@settings(max_examples=150, deadline=None)
def test_each_row_is_placed_whole_or_the_file_is_refused_with_every_value_that_cannot_be(
    rows: list[tuple[str, str, str, str]],
) -> None:
    layout = columns.lay_out(
        PARTICIPANTS,
        ["usefulness", "recommend", "intended_use", "improve"],
        missing=["NA"],
        not_applicable=["6"],
    )
    scale = {"1", "5", "", "NA", "6", "Very useful"}
    rating = {"1", "5", "6", "0", "", "NA"}
    bad = [
        (number, column)
        for number, row in enumerate(rows, 2)
        for column, value, allowed in (("usefulness", row[0], scale), ("recommend", row[1], rating))
        if value not in allowed
    ]
    found = None
    refusals: tuple[imports.Refusal, ...] = ()
    try:
        found = imports.place(PARTICIPANTS, layout, enumerate(rows, 2))
    except ImportRefusedError as error:
        refusals = error.refusals

    assert [(refusal.row, refusal.column) for refusal in refusals] == bad
    assert (found is None) == bool(bad)
    assert found is None or len(found.responses) == len(rows)


# The types of question that a list of options does not exhaust.

MEETINGS = [Meeting("part-one", "Part One"), Meeting("part-two", "Part Two")]
EVERY_TYPE = for_person(load(Path(__file__).resolve().parents[1] / "samples" / "reported_types.yaml"), MEETINGS)


def test_cells_hold_numbers_dates_countries_and_ranks() -> None:
    found = place(
        EVERY_TYPE,
        "colleagues | next_visit | posted | priorities.trust | priorities.skills | used",
        "12.0 | 2026-11-22 | Norway | 2 | 1.0 | Yes",
        "٧ | 2026-11-22 00:00:00 | ch | | 1 | no",
        " | 20261122 | Côte d’Ivoire | | | YES",
    ).responses

    assert found == [
        {"used": "yes", "priorities.trust": "2", "priorities.skills": "1", "colleagues": "12",
         "next_visit": "2026-11-22", "posted": "NO"},
        {"used": "no", "priorities.skills": "1", "colleagues": "7", "next_visit": "2026-11-22", "posted": "CH"},
        {"used": "yes", "next_visit": "2026-11-22", "posted": "CI"},
    ]  # fmt: skip


def test_yes_and_no_are_known_in_every_language_of_the_questionnaire() -> None:
    data = {
        "code": "x", "version": 1, "role": "participant", "languages": ["en", "fr", "ar"], "minutes": 1, "strata": [],
        "title": dict.fromkeys(("en", "fr", "ar"), "Q"),
        "sections": [{"code": "s", "title": dict.fromkeys(("en", "fr", "ar"), "S"), "questions": [
            {"code": "q", "type": "yes_no", "core": True, "text": dict.fromkeys(("en", "fr", "ar"), "Q?")}]}],
    }  # fmt: skip
    found = place(parse(data), "q", "oui", "نعم", "no").responses

    assert [answers["q"] for answers in found] == ["yes", "yes", "no"]


def test_what_is_no_number_date_country_or_rank_is_refused_with_what_would_be_allowed() -> None:
    found = refused(
        EVERY_TYPE,
        "colleagues | next_visit | posted | priorities.trust | used",
        "61 | 22/11/2026 | Atlantis | 4 | perhaps",
    )

    assert [line.partition("Allowed: ")[2].partition(";")[0] for line in found] == [
        "a whole number from 0 to 60 (colleagues)",
        "a date written as 2026-11-22, from 1900-01-01 to 2099-12-31",
        "a country’s name or its code of two letters",
        "a rank from 1 to 3, where 1 is the first",
        "yes, no",
    ]


def test_a_rank_that_is_given_twice_is_refused() -> None:
    [line] = refused(EVERY_TYPE, "priorities.trust | priorities.skills | priorities.access", "1 | 2 | 1")

    assert "column priorities.access: “1”" in line
    assert "another rank, since 1 is given to priorities.trust already" in line


def test_more_choices_than_may_be_ticked_are_refused() -> None:
    options = [{"code": code, "label": code} for code in ("a", "b", "c")]
    question = {"code": "q", "type": "multiple", "core": True, "text": "Q?", "options": options, "max": 2}
    data = {
        "code": "x", "version": 1, "role": "participant", "languages": ["en"], "minutes": 1, "strata": [],
        "title": "Q", "sections": [{"code": "s", "title": "S", "questions": [question]}],
    }  # fmt: skip

    assert place(parse(data), "q", "a; c").responses == [{"q": ["a", "c"]}]
    assert "at most 2 of the options together" in refused(parse(data), "q", "a; b; c")[0]


def test_a_comment_has_a_column_of_its_own_and_may_have_several_lines() -> None:
    found = place(EVERY_TYPE, "met | met.comment", "7 | Two\nlines").responses
    layout = lay_out(EVERY_TYPE, ["met"])

    assert found == [{"met": "7", "met.comment": "Two\nlines"}]
    assert "met.comment" not in layout.absent
    assert "up to 1000 characters; this has 1001" in refused(EVERY_TYPE, "met.comment", "x" * 1001)[0]


def test_a_column_names_the_meeting_and_the_option_that_it_is_about() -> None:
    assert place(EVERY_TYPE, "useful@part-two", "4").responses == [{"useful@part-two": "4"}]
    with pytest.raises(ColumnsError) as caught:
        lay_out(EVERY_TYPE, ["useful", "best"])

    assert "one: useful@part-one, useful@part-two." in caught.value.problems[0]
    assert "one of its options: best.plenary, best.groups, best.breaks." in caught.value.problems[1]
