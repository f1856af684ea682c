"""A PDF of cards, eight on a sheet of A4: a name, and a QR code that opens the person's questionnaire once.

Whoever must not be named on a list gets none: their code can be shown to them at the door.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import segno
from flask import render_template
from flask_babel import force_locale

from mande import languages
from mande import pdf
from mande.config import ROOT
from mande.events.discretion import is_discreet
from mande.events.models import Event
from mande.pdf import fonts
from mande.surveys.messages import language_for
from mande.surveys.models import Invitation
from mande.surveys.versions import definition_of
from mande.web import settings

ON_A_SHEET = 8
# A quarter of the code may be hidden by a thumb or a coffee stain.
CORRECTION = "q"


@dataclass(frozen=True)
class Card:
    """What one person gets. `address` is what the code says, without its scheme: for typing it."""

    name: str
    organisation: str
    language: str
    minutes: int
    anonymous: bool
    address: str
    picture: str


def may_be_named(event: Event, invitations: Sequence[Invitation]) -> list[Invitation]:
    """Those of the invitations whose person may stand on a sheet that leaves the house."""
    return [one for one in invitations if not is_discreet(event, one.attendance.person)]


def card(invitation: Invitation, code: str) -> Card:
    """The card of one person. The invitation's person, survey and questionnaire are loaded."""
    person, definition = invitation.attendance.person, definition_of(invitation.survey.questionnaire)
    link = f"{settings().base_url}/c/{code}"
    return Card(
        name=person.name,
        organisation=person.organisation or "",
        language=languages.suitable([language_for(person, definition)]) or languages.SOURCE,
        minutes=definition.minutes,
        anonymous=invitation.survey.anonymous,
        address=link.partition("://")[2],
        picture=segno.make(link, error=CORRECTION, micro=False).svg_data_uri(border=2, light="white", omitsize=True),
    )


def render(event: Event, invitations: Sequence[Invitation], codes: Mapping[UUID, str]) -> bytes:
    """The PDF of the cards, in the order of the invitations. Raises pdf.RenderingError."""
    made = [card(invitation, codes[invitation.id]) for invitation in invitations]
    style = fonts.faces() + (ROOT / "templates" / "surveys" / "room" / "cards.css").read_text(encoding="utf-8")
    sheets = "".join(_sheet(event, made[start : start + ON_A_SHEET]) for start in range(0, len(made), ON_A_SHEET))
    return pdf.render(render_template("surveys/room/cards.html", event=event, sheets=sheets, style=style))


def _sheet(event: Event, some: Sequence[Card]) -> str:
    return f"<ul>{''.join(_drawn(event, some))}</ul>"


def _drawn(event: Event, some: Sequence[Card]) -> Iterator[str]:
    for one in some:
        with force_locale(one.language.replace("-", "_")):
            direction = languages.direction(one.language)
            yield render_template("surveys/room/card.html", event=event, card=one, direction=direction)
