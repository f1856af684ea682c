"""Conditions of a draft as sentences, in the language of the page. They may refer to what is no longer there."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.authoring.editor.references import Condition
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import say
from mande.surveys.questionnaires.standard import YES_NO

LONGEST = 60


def said(condition: Condition | None, data: Data) -> str:
    """What is said after "only if": the answer to “Useful?” is “Very” or “Extremely”. "" without a condition."""
    return _said(condition, data, outermost=True) if condition else ""


def _said(condition: Condition, data: Data, outermost: bool = False) -> str:
    match condition:
        case {"all": parts}:
            joined = str(_(", and ")).join(_said(part, data) for part in parts)
        case {"any": parts}:
            joined = str(_(", or ")).join(_said(part, data) for part in parts)
        case {"not": part}:
            return str(_("it is not so that %(what)s", what=_said(part, data)))
        case {"question": code}:
            return _answer(condition, str(code), data)
        case _:
            return _fact(condition)
    return joined if outermost or len(parts) == 1 else f"({joined})"


def _answer(condition: Condition, reference: str, data: Data) -> str:
    question = next((one for one in editing.questions(data) if one["code"] == reference.partition(".")[0]), None)
    name = called(question, reference, data["languages"][0])
    if "answered" in condition:
        return str(_("%(question)s has been answered", question=name) if condition["answered"]
                   else _("%(question)s has not been answered", question=name))  # fmt: skip
    if "at_least" in condition:
        return str(_("%(question)s is at least %(number)s", question=name, number=condition["at_least"]))
    if "at_most" in condition:
        return str(_("%(question)s is at most %(number)s", question=name, number=condition["at_most"]))
    codes = condition["in"] if "in" in condition else [condition["is"]]
    options = _either([f"“{option_label(question, str(code), data['languages'][0])}”" for code in codes])
    if question and question["type"] == QuestionType.MULTIPLE:
        return str(_("%(options)s is ticked at %(question)s", question=name, options=options))
    return str(_("the answer to %(question)s is %(options)s", question=name, options=options))


def called(question: Part | None, reference: str, language: str) -> str:
    """A question, or a row of it, as a sentence calls it: “How far do you agree?”, “The hours suited me”."""
    code, _dot, row = reference.partition(".")
    if question is None:
        return f"“{code}”"
    listed = [*question.get("rows", []), *question.get("options", [])] if row else []
    text = next((say(one.get("label", {}), language) for one in listed if one["code"] == row), "")
    text = " ".join((text or say(question.get("text", {}), language) or reference).split())
    return f"“{text}”" if len(text) <= LONGEST else f"“{text[: LONGEST - 1].rstrip()}…”"


def option_label(question: Part | None, code: str, language: str) -> str:
    """How an option is called, or a mark that stands beside the options."""
    known = {one["code"]: say(one.get("label", {}), language) for one in (question or {}).get("options", [])}
    if known.get(code):
        return known[code]
    words = {"na": str(_("Not applicable")), "other": str(_("Other"))}
    if question and question["type"] == QuestionType.YES_NO and code in YES_NO:
        return YES_NO[code].get(language, YES_NO[code]["en"])
    return words.get(code, code)


def _fact(condition: Condition) -> str:
    name, values = next(iter(condition.items()))
    words = {
        "participant": str(_("participant")), "speaker": str(_("speaker")), "partner": str(_("partner")),
        "in_person": str(_("in the room")), "online": str(_("online")),
    }  # fmt: skip
    listed = _either([words.get(value, str(value)) for value in values])
    if name == "role":
        return str(_("the person is asked as %(roles)s", roles=listed))
    if name == "mode":
        return str(_("the person took part %(modes)s", modes=listed))
    return str(ngettext("the person attended the meeting %(meetings)s", "the person attended one of %(meetings)s",
                        len(values), meetings=listed))  # fmt: skip


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return str(_("%(words)s or %(last)s", words=", ".join(words[:-1]), last=words[-1]))
