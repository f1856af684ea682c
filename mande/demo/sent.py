"""Every message of an event that went out: when, to whom, and why."""

from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.cells import csv_text
from mande.events.models import Event
from mande.followup import wording
from mande.followup.models import CheckIn
from mande.mail.models import Message
from mande.mail.models import MessageKind

HEADER = ("when", "to", "what", "why", "became")
WHY = {
    MessageKind.INVITATION: "the event is over",
    MessageKind.REMINDER: "not answered yet",
    MessageKind.LAST_CALL: "the questionnaire closes soon",
    MessageKind.THANK_YOU: "the questionnaire is closed",
    MessageKind.REQUEST: "an owner asks a colleague, who may agree",
    MessageKind.ERASURE: "somebody wants to be erased",
    MessageKind.FOLLOWUP_THANKS: "follow-up is over, and what came of the event is published",
    MessageKind.TEAM_NOTICE: "the team is told",
    MessageKind.PARTNER_LINK: "a partner may read what is published",
    MessageKind.PARTNER_CODE: "a partner asked for a code",
    MessageKind.EDITION: "an edition for partners is published",
    MessageKind.FEEDBACK: "what respondents said together is published for them",
}


def write(session: Session, event: Event, path: Path) -> None:
    """Writes them to a file, in order of time, as clocks at the event show it."""
    found = session.execute(
        select(Message, CheckIn.step)
        .outerjoin(CheckIn, CheckIn.id == Message.about)
        .where(Message.event_id == event.id, Message.sent_at.is_not(None))
        .order_by(Message.sent_at, Message.to_address, Message.id)
    )
    zone = ZoneInfo(event.time_zone)
    rows = [
        (
            f"{message.sent_at.astimezone(zone):%Y-%m-%d %H:%M}",
            message.to_address,
            message.kind.value.replace("_", " "),
            wording.step(step) if step else WHY[message.kind],
            message.state.value,
        )
        for message, step in found
        if message.sent_at
    ]
    path.write_bytes(csv_text(HEADER, rows).encode("utf-8-sig"))
