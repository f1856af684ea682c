"""The wish to have all erased that is held about oneself, from the asking to the confirming.

A link to planned actions may lie in other hands. So a message goes to the person's own address, with a link of its own
that works for three days, and nothing is erased before it is confirmed there.
"""

from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

from flask import Flask
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import db
from mande import tokens
from mande.events.records import erasing
from mande.followup.keeping import letters
from mande.followup.models import ErasureRequest
from mande.followup.models import FollowupLink
from mande.mail import outbox
from mande.mail import rewriting
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.rewriting import Wish
from mande.web import settings

LIFE = timedelta(days=3)
# Whoever presses the button again, or has found somebody's link, does not fill their mailbox.
PAUSE = timedelta(hours=1)
BY_THEMSELVES = "the person themselves"


class Asked(StrEnum):
    """What came of asking."""

    SENT = "sent"
    ALREADY = "already"
    UNREACHABLE = "unreachable"


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.ERASURE, _rewrite)


def ask(session: Session, link: FollowupLink) -> Asked:
    """Sends the message to confirm it, unless one went within the hour. An earlier message's link ends."""
    now, ring = clock.now(), settings().link_keys
    earlier = session.scalars(select(ErasureRequest).where(ErasureRequest.person_id == link.person_id)).one_or_none()
    if earlier is not None:
        if earlier.asked_at > now - PAUSE:
            return Asked.ALREADY
        outbox.cancel(session, [earlier.id], [MessageKind.ERASURE], "asked again")
        session.delete(earlier)
        session.flush()
    identity, nonce = uuid4(), tokens.new_nonce()
    wish = ErasureRequest(
        id=identity,
        person=link.person,
        event=link.event,
        nonce=nonce,
        token_digest=tokens.digest(tokens.derive(ring.newest, identity, nonce)),
        link_key=ring.fingerprint,
        asked_at=now,
        expires_at=now + LIFE,
    )
    session.add(wish)
    session.flush()
    return Asked.SENT if outbox.queue(session, [letters.erasure(wish)]) else Asked.UNREACHABLE


def find(session: Session, token: str) -> ErasureRequest | None:
    """The wish that this token, as typed, confirms; None where it has ended or never was."""
    well_formed = tokens.normalise(token)
    if well_formed is None:
        return None
    wanted = select(ErasureRequest).where(
        ErasureRequest.token_digest == tokens.digest(well_formed), ErasureRequest.expires_at > clock.now()
    )
    whole = wanted.options(joinedload(ErasureRequest.person), joinedload(ErasureRequest.event))
    return session.scalars(whole).one_or_none()


def confirm(session: Session, wish: ErasureRequest) -> None:
    """Erases all that is held about the person."""
    erasing.erase(session, wish.person, actor=BY_THEMSELVES)


def sweep() -> int:
    """Removes wishes that were not confirmed in time; returns how many."""
    over = select(ErasureRequest.id).where(ErasureRequest.expires_at <= clock.now())
    with db.reading() as session:
        ended = session.scalars(over).all()
    if ended:
        with db.transaction() as session:
            outbox.forget(session, ended)
            session.execute(delete(ErasureRequest).where(ErasureRequest.id.in_(ended)))
    return len(ended)


def _rewrite(session: Session, wanted: Wish) -> Draft | None:
    """The message once more, as long as its link works."""
    wish = session.get(ErasureRequest, wanted.about)
    return letters.erasure(wish) if wish is not None and wish.expires_at > clock.now() else None
