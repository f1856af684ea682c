"""The forms of a section and of the settings, and back. Pure. As with questions, nothing typed is ever lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from mande.surveys.authoring.editor import clauses
from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor.clauses import ClauseError
from mande.surveys.authoring.editor.clauses import Clauses
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.authoring.editor.editing import with_text
from mande.surveys.authoring.editor.lines import Posted
from mande.surveys.authoring.editor.question_form import NO_CODE
from mande.surveys.authoring.editor.question_form import FormError
from mande.surveys.authoring.editor.shape import tidy
from mande.surveys.authoring.editor.typed_clauses import read_clauses

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
MOST_MINUTES = 120
SETTINGS = ("title", "intro", "languages", "role", "wave", "minutes", "source")
LISTS = ("strata", "formats", "machine_made")


@dataclass(frozen=True)
class SectionForm:
    """What the page of a section shows; texts are in the main language."""

    code: str
    title: str
    intro: str
    repeated: bool
    condition: Clauses = field(default_factory=Clauses)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SettingsForm:
    """What the page of settings shows: `said` are the plain fields as typed, `ticked` the codes ticked, by field."""

    said: Mapping[str, str]
    ticked: Mapping[str, frozenset[str]]
    errors: Mapping[str, str] = field(default_factory=dict)


def section_shown(section: Part, language: str) -> SectionForm:
    return SectionForm(
        code=section["code"],
        title=section.get("title", {}).get(language, ""),
        intro=section.get("intro", {}).get(language, ""),
        repeated=bool(section.get("repeat")),
        condition=clauses.lines_of(section.get("ask_if")),
    )


def section_read(form: Posted) -> SectionForm:
    code, title, intro = (form.get(name, "").replace("\r\n", "\n").strip() for name in ("code", "title", "intro"))
    return SectionForm(code, title, intro, repeated="repeat" in form, condition=read_clauses(form))


def section_taken(typed: SectionForm, section: Part, language: str) -> Part:
    """The section, without its questions, as it was typed. Raises FormError."""
    errors = {}
    if not naming.CODE.fullmatch(typed.code) or typed.code in naming.RESERVED:
        errors["code"] = NO_CODE
    try:
        condition = clauses.condition_of(typed.condition, section.get("ask_if"))
    except ClauseError as error:
        raise FormError(replace(typed, condition=error.entered, errors=errors)) from None
    if errors:
        raise FormError(replace(typed, errors=errors))
    kept = {name: value for name, value in section.items() if name != "questions"}
    return tidy(
        {
            **kept,
            "code": typed.code,
            "title": with_text(section.get("title", {}), language, typed.title),
            "intro": with_text(section.get("intro", {}), language, typed.intro),
            "repeat": "meeting" if typed.repeated else "",
            "ask_if": condition,
        }
    )


def settings_shown(data: Data) -> SettingsForm:
    language = data["languages"][0]
    said = {name: str(data.get(name, "")) for name in ("role", "wave", "minutes", "source")}
    texts = {name: data.get(name, {}).get(language, "") for name in ("title", "intro")}
    ticked = {name: frozenset(data.get(name, ())) for name in LISTS}
    return SettingsForm({**said, **texts, "languages": ", ".join(data["languages"])}, ticked)


def settings_read(form: Posted) -> SettingsForm:
    said = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in SETTINGS}
    return SettingsForm(said, {name: frozenset(form.getlist(name)) for name in LISTS})


def settings_taken(typed: SettingsForm, data: Data, allowed: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they were typed. `allowed` are the codes that each list, and role and wave, may hold, in order.

    Raises FormError.
    """
    errors: dict[str, str] = {}
    languages = list(dict.fromkeys(re.split(r"[,;\s]+", typed.said["languages"]))) if typed.said["languages"] else []
    wrong = [one for one in languages if not LANGUAGE.fullmatch(one)]
    if wrong or not languages:
        errors["languages"] = "Enter codes such as en, fr or pt-BR, with commas between them; the main one first."
    minutes = typed.said["minutes"]
    if not minutes.isdecimal() or len(minutes) > 3 or not 1 <= int(minutes) <= MOST_MINUTES:
        errors["minutes"] = f"Enter a whole number from 1 to {MOST_MINUTES}."
    for name in ("role", "wave"):
        if typed.said[name] not in allowed[name]:
            errors[name] = "Choose one."
    if errors:
        raise FormError(replace(typed, errors=errors))
    main = data["languages"][0]
    lists = {name: [code for code in allowed.get(name, languages) if code in typed.ticked[name]] for name in LISTS}
    # All formats are none in particular.
    if len(lists["formats"]) == len(allowed["formats"]):
        lists["formats"] = []
    return {
        "languages": languages,
        "minutes": int(minutes),
        "role": typed.said["role"],
        "wave": typed.said["wave"],
        "source": typed.said["source"],
        "title": with_text(data.get("title", {}), main, typed.said["title"]),
        "intro": with_text(data.get("intro", {}), main, typed.said["intro"]),
        **lists,
    }
