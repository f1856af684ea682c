"""What is typed on the editor's pages becomes a question, a section, a condition; what cannot be is given back."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from mande.surveys.authoring.editor import clauses
from mande.surveys.authoring.editor import part_forms
from mande.surveys.authoring.editor import places
from mande.surveys.authoring.editor import question_form
from mande.surveys.authoring.editor.clauses import Clause
from mande.surveys.authoring.editor.clauses import ClauseError
from mande.surveys.authoring.editor.clauses import Clauses
from mande.surveys.authoring.editor.places import Spot
from mande.surveys.authoring.editor.question_form import FormError
from mande.surveys.authoring.editor.references import Renaming

SINGLE = {
    "code": "use",
    "type": "single",
    "text": {"en": "What for?", "fr": "Pour quoi ?"},
    "options": [
        {"code": "brief", "label": {"en": "A brief", "fr": "Une note"}, "aliases": ["note"]},
        {"code": "speech", "label": {"en": "A speech", "fr": "Un discours"}},
    ],
    "other": True,
}
ALLOWED = {
    "role": ["participant", "speaker"], "wave": ["event", "followup"], "formats": ["in_person", "virtual"],
    "strata": ["role", "sector"],
}  # fmt: skip


def posted(question: dict[str, Any], **changes: Any) -> MultiDict[str, str]:
    """What the page of a question sends, with these fields changed; a list stands for a field sent several times."""
    form = question_form.shown(question, "en")
    sent: dict[str, Any] = {"type": form.type, **form.said, "flags": list(form.flags), "join": form.condition.join}
    for name, lines in form.lines.items():
        sent[name] = [str(number) for number in range(len(lines))]
        for number, line in enumerate(lines):
            sent |= {f"{name}-{number}-code": line.code, f"{name}-{number}-label": line.label,
                     f"{name}-{number}-was": line.was}  # fmt: skip
    sent |= changes
    return MultiDict({name: value for name, value in sent.items() if value is not None})


def saved(question: dict[str, Any], **changes: Any) -> tuple[dict[str, Any], Renaming]:
    return question_form.taken(question_form.read(posted(question, **changes)), question, "en")


def test_what_is_typed_replaces_the_main_language_and_leaves_the_others() -> None:
    kept, renaming = saved(SINGLE, text="What will you use it for?", **{"option-1-label": "A talk"})

    assert kept["text"] == {"en": "What will you use it for?", "fr": "Pour quoi ?"}
    assert kept["options"] == [
        {"code": "brief", "label": {"en": "A brief", "fr": "Une note"}, "aliases": ["note"]},
        {"code": "speech", "label": {"en": "A talk", "fr": "Un discours"}},
    ]
    assert not renaming.is_needed


def test_codes_that_change_are_told_so_that_conditions_can_follow() -> None:
    kept, renaming = saved(SINGLE, code="used_for", **{"option-0-code": "note"})

    assert kept["code"] == "used_for"
    assert [option["code"] for option in kept["options"]] == ["note", "speech"]
    assert renaming == Renaming("use", "used_for", {}, {"brief": "note"})


@pytest.mark.parametrize(
    ("button", "codes"),
    [
        ("option-down-0", ["speech", "brief"]),
        ("option-up-1", ["speech", "brief"]),
        ("option-up-0", ["brief", "speech"]),
        ("option-remove-0", ["speech"]),
        ("option-add", ["brief", "speech", ""]),
        ("option-up-9", ["brief", "speech"]),
        ("row-add", ["brief", "speech"]),
        ("nonsense", ["brief", "speech"]),
    ],
)
def test_a_button_of_a_list_changes_the_page_and_loses_nothing_typed(button: str, codes: list[str]) -> None:
    form = question_form.read(posted(SINGLE, text="Typed", do=button))

    assert [line.code for line in form.lines["option"]] == codes
    assert form.said["text"] == "Typed"
    assert "other" in form.flags


def test_a_new_line_gets_a_code_from_its_label_and_an_empty_one_is_no_line() -> None:
    lines = {"option": ["0", "1", "2", "3"], "option-2-label": "A brief", "option-3-label": " "}

    kept, _renaming = saved(SINGLE, **lines)

    assert kept["options"][2:] == [{"code": "a_brief", "label": {"en": "A brief"}}]


def test_a_scale_has_as_many_labels_as_steps() -> None:
    labels = [{"code": str(step), "label": {"en": f"Step {step}", "fr": f"Pas {step}"}} for step in range(1, 6)]
    scale = {"code": "useful", "type": "scale", "text": {"en": "Useful?"}, "options": labels}

    kept, _renaming = saved(scale, steps="7")

    assert [option["code"] for option in kept["options"]] == ["1", "2", "3", "4", "5", "6", "7"]
    assert kept["options"][4]["label"] == {"en": "Step 5", "fr": "Pas 5"}
    assert kept["options"][6]["label"] == {}
    assert len(saved({**scale, "options": kept["options"]}, steps="5")[0]["options"]) == 5


def test_a_choice_of_five_that_becomes_a_scale_keeps_its_labels_in_both_languages() -> None:
    words = [{"code": f"a{step}", "label": {"en": f"A{step}", "fr": f"B{step}"}} for step in range(5)]

    kept, renaming = saved({**SINGLE, "options": words, "other": False}, type="scale", steps=None)

    assert [option["code"] for option in kept["options"]] == ["1", "2", "3", "4", "5"]
    assert kept["options"][0]["label"] == {"en": "A0", "fr": "B0"}
    assert renaming.options["a4"] == "5"


def test_another_type_takes_what_does_not_fit_away() -> None:
    kept, _renaming = saved(SINGLE, type="long_text")

    assert kept == {"type": "long_text", "text": SINGLE["text"], "code": "use"}


def test_nought_is_a_bound_like_any_other() -> None:
    number = {"code": "days", "type": "number", "text": {"en": "Days?"}, "min": 1, "max": 9}

    kept, _renaming = saved(number, min="0", bands="0, 5", unit="days")

    assert (kept["min"], kept["max"], kept["bands"], kept["unit"]) == (0, 9, [0, 5], {"en": "days"})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "Not A Code"), ("code", ""), ("code", "na"), ("code", "x" * 39), ("comparable", "Ü"),
        ("max_length", "many"), ("option-0-code", "Big"), ("option-0-code", "speech"), ("option-1-code", "other"),
        ("bands", "one"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_given_back_with_a_message_at_its_field(field: str, typed: str) -> None:
    with pytest.raises(FormError) as caught:
        saved(SINGLE, **{field: typed})

    form = caught.value.form
    named = field if field in form.errors else "option-1-code"
    assert form.errors[named]
    assert typed in (form.said.get(field), *(line.code for line in form.lines["option"]))


A = {"question": "a", "is": "1"}
CONDITIONS = [
    (A, "all", [Clause("a", "is", ("1",))]),
    ({"question": "a.row", "in": ["1", "2"]}, "all", [Clause("a.row", "is", ("1", "2"))]),
    ({"all": [A, {"question": "b", "answered": False}]}, "all", [Clause("a", "is", ("1",)), Clause("b", "unanswered")]),
    ({"any": [A, {"not": A}]}, "any", [Clause("a", "is", ("1",)), Clause("a", "not", ("1",))]),
    ({"not": {"any": [A, {"role": ["speaker"]}]}}, "none",
     [Clause("a", "is", ("1",)), Clause(":role", "is", ("speaker",))]),
    ({"question": "a", "at_least": 4}, "all", [Clause("a", "at_least", typed="4")]),
    ({"not": {"meeting": ["one", "two"]}}, "all", [Clause(":meeting", "not", typed="one, two")]),
    ({"mode": ["online"]}, "all", [Clause(":mode", "is", ("online",))]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "join", "lines"), CONDITIONS)
def test_a_condition_is_shown_as_lines_which_say_the_same(condition: Any, join: str, lines: list[Clause]) -> None:
    shown = clauses.lines_of(condition)

    assert shown == Clauses(join, tuple(lines))
    assert clauses.condition_of(shown) == condition


def test_a_condition_that_lines_cannot_say_stays_editable_as_yaml() -> None:
    nested = {"all": [A, {"any": [A, {"not": {"question": "b", "at_most": 2}}]}]}

    shown = clauses.lines_of(nested)

    assert shown.join == "text"
    assert clauses.condition_of(shown) == nested
    assert clauses.condition_of(Clauses("text", text=shown.text.replace("at_most: 2", "at_most: 3"))) != nested


@pytest.mark.parametrize(
    "entered",
    [
        Clauses("all"),
        Clauses("all", (Clause(""),)),
        Clauses("any", (Clause("a", "is"),)),
        Clauses("all", (Clause("a", "at_least", typed="four"),)),
        Clauses("all", (Clause(":meeting", "is", typed=" , "),)),
        Clauses("text", text="any: [1]"),
        Clauses("text", text="{question: a"),
    ],
)
def test_half_a_condition_is_given_back_with_a_message(entered: Clauses) -> None:
    with pytest.raises(ClauseError) as caught:
        clauses.condition_of(entered)

    told = caught.value.entered
    assert told.error or any(line.error for line in told.lines)
    assert [line.what for line in told.lines if line.what] == [line.what for line in entered.lines if line.what]


def test_always_and_an_empty_text_are_no_condition() -> None:
    assert clauses.condition_of(Clauses("", (Clause("a", "is", ("1",)),))) is None
    assert clauses.condition_of(Clauses("text", text=" \n")) is None


def test_a_section_keeps_its_other_languages_and_says_when_it_is_repeated() -> None:
    section = {"code": "s", "title": {"fr": "Titre", "en": "Title"}, "repeat": "meeting", "questions": [SINGLE]}
    form = part_forms.section_read(MultiDict({"code": "s2", "title": "New", "intro": "Hello", "join": ""}))

    kept = part_forms.section_taken(form, section, "en")

    assert kept == {"code": "s2", "title": {"fr": "Titre", "en": "New"}, "intro": {"en": "Hello"}}
    with pytest.raises(FormError):
        part_forms.section_taken(part_forms.section_read(MultiDict({"code": "S"})), section, "en")


def settings(**changes: Any) -> dict[str, Any]:
    data = {"languages": ["en"], "title": {"en": "T"}, "role": "participant", "minutes": 5, "strata": ["role"]}
    sent = {"title": "T", "languages": "en, fr", "role": "speaker", "wave": "followup", "minutes": "9",
            "strata": ["sector", "role", "nonsense"], "formats": ["in_person", "virtual"]}  # fmt: skip
    form = part_forms.settings_read(MultiDict(sent | changes))
    return part_forms.settings_taken(form, data, ALLOWED)


def test_settings_are_taken_in_their_usual_order_and_all_formats_are_none_in_particular() -> None:
    taken = settings()

    assert taken["strata"] == ["role", "sector"]
    assert taken["formats"] == []
    assert (taken["languages"], taken["minutes"], taken["role"], taken["wave"]) == (
        ["en", "fr"],
        9,
        "speaker",
        "followup",
    )
    assert settings(formats=["virtual"])["formats"] == ["virtual"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("languages", ""), ("languages", "English"), ("minutes", "0"), ("minutes", "²"), ("role", "x"), ("wave", "")],
)
def test_settings_that_cannot_be_are_given_back(field: str, typed: str) -> None:
    with pytest.raises(FormError) as caught:
        settings(**{field: typed})

    assert list(caught.value.form.errors) == [field]
    assert caught.value.form.said["title"] == "T"


DRAFT = {
    "languages": ["en", "fr"],
    "title": {"en": "T"},
    "sections": [{"code": "s", "title": {}, "questions": [{**SINGLE, "text": {"en": "Only English"}}]}],
}


@pytest.mark.parametrize(
    ("path", "spot"),
    [
        (("title",), Spot("settings", "", "title", translation=True)),
        (("minutes",), Spot("settings", "", "minutes")),
        ((), Spot("settings")),
        (("sections",), Spot("outline")),
        (("sections", 0, "questions"), Spot("outline", "s")),
        (("sections", 0, "title"), Spot("section", "s", "title")),
        (("sections", 0, "ask_if", "all", 0), Spot("section", "s", "condition")),
        (("sections", 0, "questions", 0), Spot("question", "use")),
        (("sections", 0, "questions", 0, "text"), Spot("question", "use", "text", translation=True)),
        (("sections", 0, "questions", 0, "options", 1, "label"), Spot("question", "use", "option-1-label")),
        (("sections", 0, "questions", 0, "options", 1), Spot("question", "use", "option-1-code")),
        (("sections", 0, "questions", 0, "ask_if", "question"), Spot("question", "use", "condition")),
    ],
)
def test_every_problem_leads_to_where_it_is_mended(path: Any, spot: Spot) -> None:
    assert places.spot(DRAFT, path) == spot
