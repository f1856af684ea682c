"""What the editor says of conditions, and which questionnaire it proposes for an event."""

from dataclasses import replace
from typing import Any

import pytest

from mande.surveys import catalogue
from mande.surveys.authoring.editor import sentences
from mande.surveys.catalogue import Version
from mande.surveys.questionnaires import definition

DATA = {
    "languages": ["en"],
    "sections": [
        {
            "code": "s",
            "questions": [
                {"code": "useful", "type": "yes_no", "text": {"en": "Useful?"}, "not_applicable": True},
                {"code": "agree", "type": "matrix", "text": {"en": "Agree?"}, "options": [
                    {"code": "1", "label": {"en": "Never"}}, {"code": "5", "label": {"en": "Always"}}],
                 "rows": [{"code": "hours", "label": {"en": "The hours suited me"}}]},
                {"code": "use", "type": "multiple", "text": {"en": "What for? " + "x" * 60}, "other": True,
                 "options": [{"code": "brief", "label": {"en": "A brief"}}]},
            ],
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (None, ""),
        ({"question": "useful", "is": "no"}, "the answer to “Useful?” is “No”"),
        ({"question": "useful", "in": ["yes", "na"]}, "the answer to “Useful?” is “Yes” or “Not applicable”"),
        ({"question": "agree.hours", "at_least": 4}, "“The hours suited me” is at least 4"),
        ({"question": "agree.hours", "is": "5"}, "the answer to “The hours suited me” is “Always”"),
        ({"question": "use", "in": ["brief", "other"]}, f"“A brief” or “Other” is ticked at “What for? {'x' * 49}…”"),
        ({"question": "gone", "answered": False}, "“gone” has not been answered"),
        ({"role": ["speaker", "partner"]}, "the person is asked as speaker or partner"),
        ({"mode": ["online"]}, "the person took part online"),
        ({"meeting": ["one"]}, "the person attended the meeting one"),
        ({"not": {"meeting": ["one", "two"]}}, "it is not so that the person attended one of one or two"),
        (
            {"all": [{"question": "use", "answered": True}, {"any": [{"mode": ["in_person"]}, {"role": ["speaker"]}]}]},
            f"“What for? {'x' * 49}…” has been answered, and (the person took part in the room, or the person is asked "
            "as speaker)",
        ),
    ],
)
def test_a_condition_is_said_in_plain_words(condition: Any, sentence: str) -> None:
    assert sentences.said(condition, DATA) == sentence


def known(*codes: str, **changes: Any) -> dict[str, Version]:
    """The participants' questionnaire under these codes."""
    meant = definition.find("participants")
    return {code: Version(replace(meant, code=code, formats=(), **changes)) for code in codes}


def test_the_usual_questionnaire_is_proposed_unless_only_its_sister_suits_the_meetings() -> None:
    virtual, hybrid = known("participants"), known("participants-hybrid", "quite-another")
    hybrid = {code: Version(replace(one.definition, formats=("hybrid",))) for code, one in hybrid.items()}
    virtual = {code: Version(replace(one.definition, formats=("virtual",))) for code, one in virtual.items()}

    def proposed(*formats: str) -> catalogue.Choice:
        return catalogue.choice({**hybrid, **virtual}, "participant", "event", formats, "participants")

    assert proposed("virtual").usual == "participants"
    assert proposed("hybrid").usual == "participants-hybrid"
    assert [one.code for one in proposed("hybrid").suited] == ["participants-hybrid", "quite-another"]
    assert [one.code for one in proposed("hybrid").others] == ["participants"]
    assert proposed("virtual", "in_person").usual == "participants-hybrid"
    # Nothing suits: everything can be chosen, and the usual one is proposed.
    assert proposed("in_person").usual == "participants"
    assert len(proposed("in_person").others) == 3


def test_only_what_is_for_the_role_and_the_wave_can_be_chosen() -> None:
    both = known("a") | known("b", role="speaker") | known("c", wave="followup")

    choice = catalogue.choice(both, "participant", "event", ["virtual"], "a")

    assert [one.code for one in (*choice.suited, *choice.others)] == ["a"]
