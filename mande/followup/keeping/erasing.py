"""Erasing what somebody wrote in the follow-up of one event, and all that they have in the follow-up of any.

That there was an action, and when it was changed, stays, without a word. An action that others own too stays theirs.
"""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import tokens
from mande.events.records.erasing import Whose
from mande.followup import companions
from mande.followup import operations
from mande.followup.models import ActionChange
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import ErasureRequest
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.models import Update
from mande.followup.requesting import request_rules
from mande.mail import outbox
from mande.web import settings

WORDS = dict.fromkeys(("what_changed", "significance", "factors", "evidence"), "")


def erase_written(session: Session, link: FollowupLink) -> None:
    """Erases all that somebody wrote in the follow-up of one event, and ends it. Their link goes on working."""
    for action in operations.actions_of(session, link.id):
        operations.withdraw_action(session, action, link)
    _forget_words(session, link.id)
    asked = session.scalars(select(CheckIn.id).where(CheckIn.link_id == link.id)).all()
    outbox.forget(session, asked, "All that was to be asked about is erased.")
    session.execute(delete(CheckIn).where(CheckIn.id.in_(asked)), execution_options={"synchronize_session": "fetch"})
    link.snoozed_until = None
    operations.stop(session, link)


def erase(session: Session, whose: Whose) -> None:
    """Erases all that a person has in the follow-up of any event. Their links open nothing any more."""
    own = session.scalars(select(FollowupLink).where(FollowupLink.person_id == whose.person.id)).all()
    for link in own:
        erase_written(session, link)
    ids = [link.id for link in own]
    _forget_requests(session, whose, ids)
    session.execute(delete(FormerFollowupLink).where(FormerFollowupLink.link_id.in_(ids)))
    wishes = select(ErasureRequest).where(ErasureRequest.person_id == whose.person.id)
    for wish in session.scalars(wishes).all():
        session.delete(wish)
    for link in own:
        _end(link)
    session.flush()


def _forget_words(session: Session, link_id: UUID) -> None:
    """What they said of actions that stay because others own them too, and the files that they added there."""
    fetch = {"synchronize_session": "fetch"}
    session.execute(update(Update).where(Update.link_id == link_id).values(**WORDS), execution_options=fetch)
    session.execute(
        update(ActionChange).where(ActionChange.link_id == link_id).values(detail={}), execution_options=fetch
    )
    for file in session.scalars(select(EvidenceFile).where(EvidenceFile.link_id == link_id)).all():
        session.delete(file)
    session.flush()


def _forget_requests(session: Session, whose: Whose, links: Sequence[UUID]) -> None:
    """What they asked of colleagues, and what was asked of them: nobody is named any more because of it."""
    asked = or_(
        and_(ActionRequest.from_link_id.in_(links), ActionRequest.state == RequestState.ASKED),
        ActionRequest.to_address.in_(whose.addresses),
        and_(ActionRequest.kind == RequestKind.NAME, ActionRequest.to_name.in_(whose.names)),
    )
    companions.end_where(session, asked)
    known = session.execute(select(ActionRequest.id, ActionRequest.action_id, ActionRequest.address_digest)).all()
    for identity, action_id, digest in known:
        if digest in {request_rules.address_digest(settings().secret_key, action_id, one) for one in whose.addresses}:
            nobody = secrets.token_bytes(len(digest))
            session.execute(update(ActionRequest).where(ActionRequest.id == identity).values(address_digest=nobody))
    session.execute(
        update(ActionRequest).where(ActionRequest.to_link_id.in_(links)).values(to_name=""),
        execution_options={"synchronize_session": "fetch"},
    )


def _end(link: FollowupLink) -> None:
    """Makes the link that was mailed one of nobody."""
    link.nonce = tokens.new_nonce()
    link.token_digest = tokens.digest(tokens.new_nonce().hex())
