"""What the page with the list of actions shows: of one event, or of all that there are."""

from typing import Any
from uuid import UUID

from flask import render_template
from flask import request
from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.browsing import event_list
from mande.events.models import Event
from mande.events.models import Role
from mande.events.records import directory
from mande.events.records import sectors
from mande.followup import wording
from mande.followup.desk import team_reminders
from mande.followup.desk import words
from mande.followup.desk.models import BulkChange
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.followup.models import Visibility
from mande.followup.tracking import board
from mande.followup.tracking import due_dates
from mande.followup.tracking import exporting
from mande.followup.tracking import finding
from mande.followup.tracking import saved
from mande.followup.tracking import wanted as asking
from mande.followup.tracking.wanted import Wanted
from mande.staff.access import current
from mande.staff.models import StaffMember

# What stands out, by the filter that finds it.
NOTABLE = ({"due": asking.OVERDUE}, {"quiet": "y"}, {"due": asking.SOON}, {"conflict": "y"},
           {"help": "y", "status": asking.OPEN})  # fmt: skip


def render(session: Session, wanted: Wanted, event: Event | None = None, problem: str = "", typed: str = "") -> str:
    """The page. `event`: the list of this one alone. `problem`: why the view could not be saved as `typed`."""
    found = finding.count(session, wanted)
    views = saved.known(session, current().id)
    gone = saved.gone(session, views)
    return render_template(
        "followup/tracking/actions.html",
        event=event,
        wanted=wanted,
        found=found,
        most_exported=exporting.MOST,
        number=min(wanted.number, found.pages),
        total=finding.number(session, Wanted(event=event.code if event else "")),
        choices=_choices(session, event),
        notable=_notable(session, event),
        members=members(session),
        address=lambda **changes: address(wanted, event, **changes),
        list_address=lambda filters: address(Wanted.read(filters, wanted.event if event else ""), event),
        filter_of=lambda filters: Wanted.read(filters, wanted.event if event else "").filters,
        view_address=lambda view: address_of(view.asked, view.id in gone),
        known_event=event is not None or not wanted.event or _exists(session, wanted.event),
        views=views,
        gone=gone,
        changed=_changed(session),
        reminders_due=team_reminders.due_for(session, current().id),
        problem=problem,
        typed=typed,
        wording=wording,
        words=words,
        **_shown(session, wanted, found),
    )


def address(wanted: Wanted, only: Event | None = None, /, **changes: Any) -> str:
    """The address of the same list, changed. `only`: of this event."""
    values: dict[str, Any] = wanted.asked(**{name: str(value) for name, value in changes.items()})
    if only is None:
        return url_for("tracker.index", **values)
    return url_for("actions.index", **{**values, "event": None, "code": only.code})


def address_of(asked: dict[str, str], gone: bool = False) -> str:
    """The address of a list that was saved; `gone`: of an event that there is no more, where the list says so."""
    values: dict[str, Any] = Wanted.read(asked).asked()
    code = "" if gone else values.pop("event", "")
    return url_for("actions.index", code=code, **values) if code else url_for("tracker.index", **values)


def members(session: Session) -> dict[UUID, str]:
    """The names of the team by id, in alphabetical order."""
    found = select(StaffMember.id, StaffMember.name).order_by(StaffMember.name, StaffMember.email)
    return dict(iter(session.execute(found)))


def names_by_address(session: Session) -> dict[str, str]:
    """The names of the team by address, by which a history knows them."""
    return dict(iter(session.execute(select(StaffMember.email, StaffMember.name))))


def _shown(session: Session, wanted: Wanted, found: finding.Found) -> dict[str, Any]:
    match wanted.view:
        case asking.BOARD:
            return {"columns": board.columns(session, wanted, found)}
        case asking.TIMELINE:
            return {"timeline": due_dates.timeline(session, wanted)}
    return {"actions": finding.page(session, wanted, found)}


def _choices(session: Session, event: Event | None) -> dict[str, Any]:
    """What the list can be narrowed down to: pairs of value and label."""
    everywhere = {} if event else vars(event_list.choices(session))
    return {
        **everywhere,
        "statuses": [(one.value, wording.status(one)) for one in Status],
        "levels": [(one.value, wording.verified(one)) for one in Verified],
        "sources": [(one.value, words.source(one)) for one in Source],
        "circles": [(one.value, words.visibility(one)) for one in Visibility],
        "roles": [(one.value, wording.role(one)) for one in Role],
        "themes": [(one.id.hex, one.text) for one in event.outcomes] if event else [],
        "sectors": sectors.known(session),
        "countries": directory.countries(session),
    }


def _notable(session: Session, event: Event | None) -> list[tuple[dict[str, str], int | None]]:
    """Each filter for what stands out, and how many it finds; over all events that would take too long."""
    if event is None:
        return [(one, None) for one in NOTABLE]
    return [(one, finding.number(session, Wanted.read(one, event.code))) for one in NOTABLE]


def _exists(session: Session, code: str) -> bool:
    return session.scalar(select(Event.id).where(Event.code == code)) is not None


def _changed(session: Session) -> BulkChange | None:
    """The change of several actions that was just done, as the address says, if it can be undone."""
    identity = asking.identity(request.args.get("changed", ""))
    return session.get(BulkChange, identity) if identity else None
