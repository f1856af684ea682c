"""The panel on a person's page: what they said they would do, at all events."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.models import Attendance
from mande.events.models import Person
from mande.followup import wording
from mande.followup.asking.checkins import SOONEST_FIRST
from mande.followup.models import PlannedAction


def render(session: Session, person: Person) -> Markup:
    """The panel as HTML; nothing for somebody without an action."""
    planned = (
        select(PlannedAction)
        .join(Attendance, Attendance.id == PlannedAction.attendance_id)
        .where(Attendance.person_id == person.id, PlannedAction.withdrawn.is_(False))
        .options(joinedload(PlannedAction.attendance).joinedload(Attendance.event))
        .order_by(*SOONEST_FIRST)
    )
    actions = session.scalars(planned).all()
    page = render_template("followup/tracking/person_panel.html", actions=actions, wording=wording) if actions else ""
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
