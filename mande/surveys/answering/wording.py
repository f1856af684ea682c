"""How strata and answers are called on respondents' pages, in the language of the page."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from flask import g
from flask_babel import format_decimal
from flask_babel import gettext as _

from mande.surveys import strata
from mande.surveys.answering.prompts import Prompt
from mande.surveys.answering.visits import AskedEvent
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.questions import QuestionType
from mande.web import day


def stratum_lines(values: Mapping[str, str], event: AskedEvent, own_sector: str = "") -> list[tuple[str, str]]:
    """What is stored with a person's answers, as pairs to be read: ("Role", "participant").

    `own_sector` is what the sector is called, as it was typed, where the installation added it itself.
    """
    names = _names(g.language)
    lines = []
    for name, group in values.items():
        single, parts = strata.parts(name), strata.parts(group)
        said = [
            own_sector if one == "sector" and own_sector else _value(one, value, event)
            for one, value in zip(single, parts, strict=True)
        ]
        lines.append((" + ".join(names.get(one, one) for one in single), ", ".join(said)))
    return lines


def gender(value: str) -> str:
    """What a person's gender is called: it may be in the words of whoever brought the list."""
    return _genders(g.language).get(value, value.replace("-", " "))


# In a language, which is also that of the page just now.
@cache
def _names(_language: str) -> dict[str, str]:
    return {
        "role": _("Your role"),
        "meeting": _("Meetings you attended"),
        "sector": _("Sector"),
        "gender": _("Gender"),
        "mode": _("How you took part"),
        "oda": _("From a country eligible for development assistance"),
    }


def _value(name: str, value: str, event: AskedEvent) -> str:
    if value == strata.UNKNOWN:
        return str(_("not known"))
    if name == "meeting":
        return _meetings(value, event)
    if name == "gender":
        return gender(value)
    return _values(g.language).get(value, value)


@cache
def _genders(_language: str) -> dict[str, str]:
    return {"woman": _("woman"), "female": _("female"), "man": _("man"), "male": _("male")}


@cache
def _values(_language: str) -> dict[str, str]:
    return {
        "participant": _("participant"),
        "speaker": _("speaker"),
        "partner": _("partner"),
        "state": _("government"),
        "multilateral": _("international organisation"),
        "civil_society": _("civil society"),
        "academia": _("academia"),
        "business": _("business"),
        "media": _("media"),
        "in_person": _("in the room"),
        "online": _("online"),
        "yes": _("yes"),
        "no": _("no"),
    }


def _meetings(value: str, event: AskedEvent) -> str:
    if value == "all":
        return str(_("both") if len(event.meetings) == 2 else _("all"))
    if value == "several":
        return str(_("more than one, not all"))
    return next((meeting.title for meeting in event.meetings if meeting.code == value), value)


def answer_lines(prompt: Prompt, answers: Mapping[str, Any]) -> list[str]:
    """One line for each thing chosen, or the text; nothing where there is no answer. The text may hold line ends."""
    if prompt.kind == QuestionType.RANKING:
        return _ranked(prompt, answers)
    value = answers.get(prompt.code)
    if not value:
        return []
    match prompt.kind:
        case QuestionType.NUMBER:
            number = format_decimal(int(value))
            return [f"{number} {prompt.unit}" if prompt.unit else number]
        case QuestionType.DATE:
            return [day(date.fromisoformat(value))]
        case QuestionType.SHORT_TEXT | QuestionType.LONG_TEXT:
            return [value]
    labels = {choice.value: choice.label for choice in prompt.all_choices()}
    beside = answers.get(prompt.beside.code) if prompt.beside else None
    if beside:
        labels[OTHER] = _("%(other)s: %(text)s", other=labels[OTHER], text=beside)
    return [labels.get(chosen, chosen) for chosen in ([value] if isinstance(value, str) else value)]


def _ranked(prompt: Prompt, answers: Mapping[str, Any]) -> list[str]:
    """What was ranked, in the order of the ranks."""
    ranked = sorted((int(answers.get(f"{prompt.code}.{choice.value}") or 0), choice.label) for choice in prompt.choices)
    return [f"{rank}. {label}" for rank, label in ranked if rank]
