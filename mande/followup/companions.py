"""What owners have asked of colleagues, as the rest of follow-up needs it: who may be named, and how a request ends."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.followup.models import ActionRequest
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.mail import outbox

ENDED = "What was asked is no longer asked."


def named_companions(action: PlannedAction) -> list[str]:
    """The names of those who have agreed to be named with an action, in the order in which they were asked. Pure.

    They may be shown to the team, and elsewhere only where the action's owners are shown by name.
    """
    return [one.to_name for one in action.requests if is_named(one)]


def is_named(request: ActionRequest) -> bool:
    """Whether somebody is named with an action because of this request."""
    return request.kind is RequestKind.NAME and request.state is RequestState.AGREED


def end(session: Session, requests: Iterable[ActionRequest], state: RequestState) -> int:
    """Ends requests: name and address go at once, from their messages too, and what has not been sent is taken back.

    `state` is anything but asked and agreed. Returns how many there were.
    """
    ended = list(requests)
    for one in ended:
        one.state, one.to_address, one.to_name = state, None, ""
        one.answered_at = clock.now()
    session.flush()
    outbox.forget_addressee(session, [one.id for one in ended], ENDED)
    return len(ended)


def end_of_owner(session: Session, action: PlannedAction, link_id: UUID) -> int:
    """Takes back what somebody who no longer owns an action has asked about it, as far as it is still open."""
    mine = (one for one in action.requests if one.from_link_id == link_id and one.state is RequestState.ASKED)
    return end(session, mine, RequestState.WITHDRAWN)


def end_where(session: Session, condition: ColumnElement[bool]) -> int:
    """Takes back whatever of these requests is still there, asked or agreed: before their rows go, for example."""
    return end(session, session.scalars(select(ActionRequest).where(condition)), RequestState.WITHDRAWN)
