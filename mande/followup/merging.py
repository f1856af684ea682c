"""What becomes of planned actions, check-ins and links when two records of one person are made one.

Everything belongs to the person who is kept. Where both had a link at one event, both go on working: the second leads
to the first. Of two check-ins of one step the one that was asked is kept, and reports that belong to the other are its
own.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.records.merging import Finding
from mande.events.records.merging import Moved
from mande.events.records.merging import Pair
from mande.events.records.merging import Part
from mande.events.records.merging import PeoplePart
from mande.followup import links
from mande.followup.asking import checkins
from mande.followup.asking.checkins import WAS_ASKED
from mande.followup.models import ActionChange
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.followup.models import Update
from mande.followup.models import Visibility
from mande.mail import outbox

# What else names a link, by what `Moved` calls it.
_NAMING: dict[str, Any] = {
    "reports": Update.link_id,
    "files": EvidenceFile.link_id,
    "changes": ActionChange.link_id,
    "asked": ActionRequest.from_link_id,
    "agreed": ActionRequest.to_link_id,
}


def move(session: Session, kept: Person, dropped: Person) -> Moved:
    """Gives the kept person all links of the other, and what hangs on them."""
    theirs = session.scalars(select(FollowupLink).where(FollowupLink.person_id == dropped.id)).all()
    told = {"events": [_move_link(session, kept, link) for link in theirs]}
    if theirs:
        # They are one person from now on, who is asked once in two weeks.
        checkins.plan_for(session, [kept.id])
    return told


def undo(session: Session, kept: Person, dropped: Person, told: Moved) -> None:
    """Gives the second person back what was their own, as far as it is still there."""
    for one in told["events"]:
        _undo_link(session, kept, dropped, UUID(one["event"]), one)
    if told["events"]:
        checkins.plan_for(session, sorted([kept.id, dropped.id]))


def _undo_earlier(session: Session, kept: UUID, dropped: UUID, told: Moved) -> None:
    """Takes back a merge of when links still belonged to attendances. An owner's row has its action's id there."""
    one, other = session.get_one(Attendance, kept), session.get_one(Attendance, dropped)
    if told and told["link"]:
        adapted = {"link": told["link"], "owners": told["actions"], "check_ins": told["check_ins"]}
        _undo_link(session, one.person, other.person, one.event_id, adapted)


def _move_link(session: Session, kept: Person, second: FollowupLink) -> Moved:
    first = links.of(session, second.event_id, kept.id)
    link: Moved = {
        "id": second.id.hex,
        "stopped": second.stopped,
        "expires": _written(second.expires_at),
        "first": None,
    }
    told: Moved = {"event": second.event_id.hex, "link": link}
    if first is None:
        second.person_id = kept.id
        session.flush()
        return told
    told |= {
        "twice": _leave_twice_owned(session, first, second),
        "owners": _give(session, ActionOwner.link_id, second.id, first.id),
        "check_ins": _move_check_ins(session, first.id, second.id),
    }
    told |= {name: _give(session, column, second.id, first.id) for name, column in _NAMING.items()}
    link |= {"first": first.stopped, "former": _lead(session, second.id, first.id)}
    former = FormerFollowupLink(id=second.id, link_id=first.id, nonce=second.nonce, token_digest=second.token_digest,
                                link_key=second.link_key)  # fmt: skip
    first.stopped = first.stopped or second.stopped
    session.flush()
    session.expire_all()
    session.delete(second)
    session.flush()
    session.add(former)
    session.flush()
    checkins.schedule_check_ins(session, [first.id])
    return told


def _undo_link(session: Session, kept: Person, dropped: Person, event_id: UUID, told: Moved) -> None:
    link = told["link"]
    identity, first = UUID(link["id"]), links.of(session, event_id, kept.id)
    if first is None:
        return
    if first.id == identity:
        first.person_id = dropped.id
        session.flush()
        return
    former = session.get(FormerFollowupLink, identity)
    if former is None:
        return
    again = FollowupLink(
        id=identity,
        event_id=event_id,
        person_id=dropped.id,
        nonce=former.nonce,
        token_digest=former.token_digest,
        link_key=former.link_key,
        stopped=link["stopped"],
        expires_at=_read(link["expires"]),
    )
    session.delete(former)
    session.flush()
    session.add(again)
    if first.stopped and link["stopped"]:
        first.stopped = link["first"]
    session.flush()
    _lead(session, first.id, again.id, link["former"])
    _give(session, ActionOwner.link_id, first.id, again.id, told["owners"])
    for name, column in _NAMING.items():
        _give(session, column, first.id, again.id, told.get(name, []))
    _own_again(session, again, told.get("twice", []))
    _restore_check_ins(session, first.id, again.id, told["check_ins"])
    session.flush()
    session.expire_all()
    checkins.schedule_check_ins(session, [first.id, again.id])


def _give(session: Session, column: Any, giver: UUID, taker: UUID, ids: Iterable[str] | None = None) -> list[str]:
    """Hands rows from one link to the other, all of them or those with these ids; returns which."""
    kind = column.class_
    owned = select(kind.id).where(column == giver)
    if ids is not None:
        owned = owned.where(kind.id.in_([UUID(one) for one in ids]))
    found = session.scalars(owned.order_by(kind.id)).all()
    session.execute(update(kind).where(kind.id.in_(found)).values({column.key: taker}))
    return [one.hex for one in found]


def _leave_twice_owned(session: Session, first: FollowupLink, second: FollowupLink) -> list[Moved]:
    """Of an action that both own the first link stays the owner; what the second one's part was is told."""
    own = select(ActionOwner.action_id).where(ActionOwner.link_id == first.id)
    twice = session.scalars(select(ActionOwner).where(ActionOwner.link_id == second.id, ActionOwner.action_id.in_(own)))
    told: list[Moved] = []
    for one in twice.all():
        told.append({"id": one.id.hex, "action": one.action_id.hex, "visibility": one.visibility.value,
                     "consent": one.consent, "since": _written(one.since)})  # fmt: skip
        session.delete(one)
    session.flush()
    return told


def _own_again(session: Session, link: FollowupLink, told: Iterable[Moved]) -> None:
    for one in told:
        since = _read(one["since"])
        session.add(
            ActionOwner(id=UUID(one["id"]), action_id=UUID(one["action"]), link_id=link.id, since=since,
                        visibility=Visibility(one["visibility"]), consent=one["consent"])
        )  # fmt: skip
    session.flush()


def _lead(session: Session, from_link: UUID, to_link: UUID, ids: Iterable[str] | None = None) -> list[str]:
    """Lets former links of one link lead to another; returns which."""
    return _give(session, FormerFollowupLink.link_id, from_link, to_link, ids)


def _move_check_ins(session: Session, kept: UUID, dropped: UUID) -> Moved:
    own = {one.step: one for one in _check_ins(session, kept)}
    gone: list[Moved] = []
    for theirs in _check_ins(session, dropped):
        mine = own.get(theirs.step)
        if mine is None:
            continue
        first_goes = theirs.state in WAS_ASKED and mine.state not in WAS_ASKED
        stays, goes = (theirs, mine) if first_goes else (mine, theirs)
        reported = session.scalars(select(Update.id).where(Update.check_in_id == goes.id)).all()
        session.execute(update(Update).where(Update.id.in_(reported)).values(check_in_id=stays.id))
        gone.append({**_told(goes), "of": "kept" if first_goes else "dropped", "stays": stays.id.hex,
                     "reported": [one.hex for one in reported]})  # fmt: skip
    outbox.forget(session, [UUID(one["id"]) for one in gone], "asked once only")
    session.execute(delete(CheckIn).where(CheckIn.id.in_([UUID(one["id"]) for one in gone])))
    return {"moved": _give(session, CheckIn.link_id, dropped, kept), "gone": gone}


def _restore_check_ins(session: Session, kept: UUID, dropped: UUID, told: Moved) -> None:
    _give(session, CheckIn.link_id, kept, dropped, told["moved"])
    for one in told["gone"]:
        owner = kept if one["of"] == "kept" else dropped
        if one["step"] in {known.step for known in _check_ins(session, owner)}:
            continue
        session.add(
            CheckIn(id=UUID(one["id"]), link_id=owner, step=one["step"], due_at=_read(one["due"]),
                    asked_at=_read(one["asked"]), state=CheckInState(one["state"]))
        )  # fmt: skip
        session.flush()
        reported = Update.id.in_([UUID(each) for each in one["reported"]])
        stays = Update.check_in_id == UUID(one["stays"])
        session.execute(update(Update).where(reported, stays).values(check_in_id=UUID(one["id"])))


def _check_ins(session: Session, link_id: UUID) -> list[CheckIn]:
    found = select(CheckIn).where(CheckIn.link_id == link_id).order_by(CheckIn.due_at)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def _told(check_in: CheckIn) -> Moved:
    return {
        "id": check_in.id.hex,
        "step": check_in.step,
        "due": _written(check_in.due_at),
        "asked": _written(check_in.asked_at),
        "state": check_in.state.value,
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _nothing_hinders(_session: Session, _pair: Pair) -> Finding:
    return Finding()


def _nothing_moves(_session: Session, _pair: Pair) -> Moved:
    return {}


PEOPLE = PeoplePart(move, undo)
EARLIER = Part(_nothing_hinders, _nothing_moves, _undo_earlier)
