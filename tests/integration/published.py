"""A closed event with actions, and editions of it: published as staff do it, or put there at once."""

import json
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Event
from mande.followup import operations as followup
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.reports import operations
from mande.reports.actions import progress
from mande.reports.composing import kept
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.reports.rendering import making
from mande.surveys.questionnaires import definition as definitions
from tests import builders
from tests import report_samples

HALF_A_YEAR_LATER = datetime(2021, 12, 15, 10, tzinfo=UTC)
BY_NAME, WITHOUT_NAME = Visibility.PARTNERS_BY_NAME, Visibility.PARTNERS_WITHOUT_NAME
SMALL = {
    "code": "small", "version": 1, "role": "participant", "title": "A question", "minutes": 1, "languages": ["en"],
    "strata": [], "sections": [{"code": "all", "title": "All", "questions": [{
        "code": "useful", "type": "yes_no", "text": "Was it useful?", "core": True}]}],
}  # fmt: skip


def made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets PDFs be made in no time. What stands in them is the document."""

    def at_once(document: operations.Document, *_others: object, **_named: object) -> bytes:
        return b"%PDF-" + operations.as_json(document).encode()

    monkeypatch.setattr(operations, "as_pdf", at_once)


def close_survey(session: Session, event: Event) -> None:
    """Lets an event have something to report."""
    answers: list[dict[str, str | list[str]]] = [{"useful": "yes" if number % 3 else "no"} for number in range(12)]
    report_samples.closed_survey(session, event, definitions.parse(SMALL), answers, invited=15)


def event_with_actions(session: Session, papers: int = 5) -> tuple[Event, dict[str, UUID]]:
    """An event with an action by name, one for the team, and `papers` without a name; the actions by their words."""
    event = builders.make_event(session)
    planned = [("Train my colleagues", BY_NAME), ("Speak to the minister", Visibility.TEAM)]
    planned += [(f"Write paper {number}", WITHOUT_NAME) for number in range(1, papers + 1)]
    actions: dict[str, UUID] = {}
    for words, visibility in planned:
        attendance = builders.attend(session, event, builders.make_person(session, name=f"Owner of {words}"))
        link = builders.link_of(session, attendance)
        intention = Intention(words, visibility=visibility, consent=True)
        actions[words] = followup.add_action(session, link, intention).id
    return event, actions


def put(
    session: Session, event: Event, kind: EditionKind, number: int = 1, document: Mapping[str, Any] | None = None
) -> Edition:
    """A published edition that holds what one would that is made now. Its document is that of `document`."""
    text, pdf = json.dumps(document or {}), f"%PDF-{kind} {number} of {event.code}".encode()
    held = progress.held(session, event, kind, kept.composed(session, event, kind))
    edition = Edition(
        event_id=event.id, kind=kind, number=number, language="en", note="" if number == 1 else f"Note {number}",
        published_at=clock.now(), published_by="sam@example.org", document=text, pdf=pdf,
        document_sha256=sha256(text.encode()).hexdigest(), pdf_sha256=sha256(pdf).hexdigest(),
        actions=[EditionAction(action_id=key, named=named) for key, named in held.items()],
    )  # fmt: skip
    session.add(edition)
    session.flush()
    return edition


def publish(
    client: FlaskClient, kind: str, note: str = "", code: str = "WP1873v", language: str = "en"
) -> TestResponse:
    """What the form on the page of editions sends; where that is accepted, a worker publishes at once."""
    data = {"kind": kind, "note": note, "language": language, "csrf_token": builders.csrf(client)}
    sent = client.post(f"/staff/events/{code}/editions", data=data)
    making.run()
    return sent


def edition(kind: EditionKind, number: int = 1, code: str = "WP1873v", language: str = "en") -> Edition:
    with db.reading() as session:
        wanted = select(Edition).join(Event).where(Event.code == code, Edition.kind == kind, Edition.number == number)
        return session.scalars(wanted.where(Edition.language == language)).one()
