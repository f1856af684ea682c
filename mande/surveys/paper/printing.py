"""The questionnaire as an accessible PDF (PDF/UA-1) to print and to fill in by hand."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from mande import languages
from mande import pdf
from mande.config import ROOT
from mande.events.kinds import Mode
from mande.events.records import sectors
from mande.pdf import fonts
from mande.surveys import strata
from mande.surveys.answering.prompts import prompt
from mande.surveys.answering.responding import placeholder_values
from mande.surveys.answering.visits import AskedEvent
from mande.surveys.paper import blanks
from mande.surveys.questionnaires import condition_wording
from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.definition import spoken
from mande.surveys.questionnaires.placeholders import NAME_MARK

# So many choices and they stand in two columns.
MANY = 9
# Labels of a scale stand beside one another while they are so short, by how many there are.
SHORT = {5: 34, 7: 28}


@dataclass(frozen=True)
class Asking:
    """Who asks whom: without an event, lines are left to fill in by hand. `own_sectors` are those that the
    installation added, by name.
    """

    event: AskedEvent | None = None
    closes_at: datetime | None = None
    anonymous: bool = True
    k: int = 5
    own_sectors: tuple[str, ...] = ()


def render(definition: Definition, language: str, asking: Asking) -> bytes:
    """The PDF of all that anybody can be asked. Raises pdf.RenderingError."""
    return pdf.render(page(definition, language, asking))


def page(definition: Definition, language: str, asking: Asking) -> str:
    """The page of which the PDF is made."""
    interface = languages.suitable([language]) or languages.SOURCE
    with force_locale(interface.replace("-", "_")):
        return _page(definition, language, asking)


def _page(definition: Definition, language: str, asking: Asking) -> str:
    event = asking.event
    asked = _spoken(definition, language, event)
    titles = {meeting.code: meeting.title for meeting in event.meetings} if event else {}
    numbered = blanks.with_numbers(asked)

    def only_if(condition: Condition | None) -> str:
        return condition_wording.say(blanks.with_titles(condition, titles), numbered, language) if condition else ""

    return render_template(
        "surveys/paper/paper.html",
        definition=asked,
        language=language,
        direction=languages.direction(language),
        event=event,
        asking=asking,
        blocks=blanks.blocks(asked),
        meetings=titles,
        repeats=definition.is_repeated and event is None,
        about=_about(asked, asking),
        only_if=only_if,
        prompt=lambda question: prompt(question, language),
        say=lambda text: say(text, language).replace(NAME_MARK, blanks.LINE),
        line=blanks.LINE,
        many=MANY,
        short=SHORT,
        style=fonts.faces() + _style() + _footer(language, say(asked.title, language)),
    )


def _spoken(definition: Definition, language: str, event: AskedEvent | None) -> Definition:
    if event is None:
        said = blanks.names((*placeholders.OF_EVENT, placeholders.MEETING))
        return spoken(definition, {language: said})
    mine = for_person(definition, [Meeting(meeting.code, meeting.title) for meeting in event.meetings])
    return spoken(mine, {language: placeholder_values(event, language)})


def _about(definition: Definition, asking: Asking) -> dict[str, Any]:
    """What an unnamed sheet has to say about the person: as far as it is stored, or decides what they are asked."""
    event, used, known = asking.event, definition.uses_attendance, strata.needed(definition.strata)
    found: dict[str, Any] = {}
    if event and len(event.meetings) > 1 and (used or "meeting" in known):
        found["meetings"] = [meeting.title for meeting in event.meetings]
    if used or "mode" in known:
        found["modes"] = [{Mode.IN_PERSON: _("in the room"), Mode.ONLINE: _("online")}[mode] for mode in Mode]
    if "sector" in known:
        found["sectors"] = [*sectors.standard().values(), *asking.own_sectors]
    return found


def _style() -> str:
    return (ROOT / "templates" / "surveys" / "paper" / "paper.css").read_text(encoding="utf-8")


def _footer(language: str, title: str) -> str:
    """The page's number, in words of the language, and what it belongs to."""
    words = str(_("Page %(page)s of %(pages)s", page="\0page\0", pages="\0pages\0")).split("\0")
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    number = " ".join(counters.get(part) or _quoted(part) for part in words if part)
    outer, inner = ("left", "right") if languages.direction(language) == "rtl" else ("right", "left")
    belongs = _quoted(" ".join(title.split()))
    return f"@page {{ @bottom-{outer} {{ content: {number}; }} @bottom-{inner} {{ content: {belongs}; }} }}\n"


def _quoted(text: str) -> str:
    """A string of CSS."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
