"""The panel on a person's page: what they said they would do, at all events."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.models import Person
from mande.followup import wording
from mande.followup.asking.checkins import SOONEST_FIRST
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction


def render(session: Session, person: Person) -> Markup:
    """The panel as HTML; nothing for somebody without an action."""
    planned = (
        select(PlannedAction)
        .join(ActionOwner, ActionOwner.action_id == PlannedAction.id)
        .join(FollowupLink, FollowupLink.id == ActionOwner.link_id)
        .where(FollowupLink.person_id == person.id, PlannedAction.withdrawn.is_(False))
        .options(joinedload(PlannedAction.event))
        .order_by(*SOONEST_FIRST)
    )
    actions = session.scalars(planned).all()
    page = render_template("followup/tracking/person_panel.html", actions=actions, wording=wording) if actions else ""
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
