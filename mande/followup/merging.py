"""What becomes of planned actions, check-ins and links when two attendances of one person at an event are made one.

All actions and check-ins are those of the attendance that is kept. Both links go on working: the second leads to the
first. Of two check-ins of one step the one that was asked is kept, and reports that belong to the other are its own.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.events.records.merging import Finding
from mande.events.records.merging import Moved
from mande.events.records.merging import Pair
from mande.events.records.merging import Part
from mande.followup import links
from mande.followup.asking import checkins
from mande.followup.asking.checkins import WAS_ASKED
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Update
from mande.mail import outbox


def check(_session: Session, _pair: Pair) -> Finding:
    """Nothing stands in the way, and nothing is lost."""
    return Finding()


def move(session: Session, pair: Pair) -> Moved:
    """Gives the kept attendance all actions, check-ins and links."""
    kept, dropped = pair.kept.id, pair.dropped.id
    told = {
        "link": _move_link(session, kept, dropped),
        "actions": _give(session, PlannedAction, dropped, kept),
        "check_ins": _move_check_ins(session, kept, dropped),
    }
    session.flush()
    session.expire_all()
    checkins.schedule_check_ins(session, [kept])
    return told


def undo(session: Session, kept: UUID, dropped: UUID, told: Moved) -> None:
    """Gives the second attendance back what was its own, as far as it is still there."""
    _give(session, PlannedAction, kept, dropped, told["actions"])
    _restore_link(session, kept, dropped, told["link"])
    _restore_check_ins(session, kept, dropped, told["check_ins"])
    session.flush()
    session.expire_all()
    checkins.schedule_check_ins(session, [kept, dropped])


def _give(session: Session, kind: Any, giver: UUID, taker: UUID, ids: Iterable[str] | None = None) -> list[str]:
    """Hands rows from one attendance to the other, all of them or those with these ids; returns which."""
    owned = select(kind.id).where(kind.attendance_id == giver)
    if ids is not None:
        owned = owned.where(kind.id.in_([UUID(one) for one in ids]))
    found = session.scalars(owned.order_by(kind.id)).all()
    session.execute(update(kind).where(kind.id.in_(found)).values(attendance_id=taker))
    return [one.hex for one in found]


def _move_link(session: Session, kept: UUID, dropped: UUID) -> Moved | None:
    """The second link becomes a former one of the first; where there is no first, it takes its place."""
    first, second = links.of(session, kept), links.of(session, dropped)
    if second is None:
        return None
    told: Moved = {
        "id": second.id.hex,
        "stopped": second.stopped,
        "expires": _written(second.expires_at),
        "first": None,
    }
    if first is None:
        second.attendance_id = kept
        session.flush()
        return told
    told |= {"first": first.stopped, "former": _lead(session, second.id, first.id)}
    former = FormerFollowupLink(id=second.id, link_id=first.id, nonce=second.nonce, token_digest=second.token_digest,
                                link_key=second.link_key)  # fmt: skip
    session.delete(second)
    session.flush()
    session.add(former)
    first.stopped = first.stopped or bool(told["stopped"])
    session.flush()
    return told


def _lead(session: Session, from_link: UUID, to_link: UUID, ids: Iterable[str] | None = None) -> list[str]:
    """Lets former links of one link lead to another; returns which."""
    wanted = select(FormerFollowupLink.id).where(FormerFollowupLink.link_id == from_link)
    if ids is not None:
        wanted = wanted.where(FormerFollowupLink.id.in_([UUID(one) for one in ids]))
    found = session.scalars(wanted).all()
    session.execute(update(FormerFollowupLink).where(FormerFollowupLink.id.in_(found)).values(link_id=to_link))
    return [one.hex for one in found]


def _restore_link(session: Session, kept: UUID, dropped: UUID, told: Moved | None) -> None:
    if told is None:
        return
    identity, first = UUID(told["id"]), links.of(session, kept)
    if first is not None and first.id == identity:
        first.attendance_id = dropped
    former = session.get(FormerFollowupLink, identity)
    if former is not None and first is not None:
        again = FollowupLink(
            id=identity,
            attendance_id=dropped,
            nonce=former.nonce,
            token_digest=former.token_digest,
            link_key=former.link_key,
            stopped=told["stopped"],
            expires_at=_read(told["expires"]),
        )
        session.delete(former)
        session.flush()
        session.add(again)
        if first.stopped and told["stopped"]:
            first.stopped = told["first"]
        session.flush()
        _lead(session, first.id, again.id, told["former"])
    if session.scalar(select(PlannedAction.id).where(PlannedAction.attendance_id == kept).limit(1)):
        # What was added since the merge stays, and needs a link of its own.
        links.ensure_link(session, kept)


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
    return {"moved": _give(session, CheckIn, dropped, kept), "gone": gone}


def _restore_check_ins(session: Session, kept: UUID, dropped: UUID, told: Moved) -> None:
    _give(session, CheckIn, kept, dropped, told["moved"])
    for one in told["gone"]:
        owner = kept if one["of"] == "kept" else dropped
        if one["step"] in {known.step for known in _check_ins(session, owner)}:
            continue
        session.add(
            CheckIn(id=UUID(one["id"]), attendance_id=owner, step=one["step"], due_at=_read(one["due"]),
                    asked_at=_read(one["asked"]), state=CheckInState(one["state"]))
        )  # fmt: skip
        session.flush()
        reported = Update.id.in_([UUID(each) for each in one["reported"]])
        stays = Update.check_in_id == UUID(one["stays"])
        session.execute(update(Update).where(reported, stays).values(check_in_id=UUID(one["id"])))


def _check_ins(session: Session, attendance_id: UUID) -> list[CheckIn]:
    found = select(CheckIn).where(CheckIn.attendance_id == attendance_id).order_by(CheckIn.due_at)
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


PART = Part(check, move, undo)
