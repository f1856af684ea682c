"""The panel on an action's page that tells who owns it, what each said last, and what colleagues were asked."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Person
from mande.followup import companions
from mande.followup import wording
from mande.followup.desk import words
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.requesting import request_words
from mande.followup.requesting import requests


@dataclass(frozen=True)
class Saying:
    """One owner, and what they said last; `status` is None where they have said nothing yet."""

    person: Person
    visibility: str
    consent: bool
    stopped: bool
    status: Status | None
    at: datetime | None


def sayings(action: PlannedAction) -> list[Saying]:
    """What each owner said last, in the order in which they came to own the action."""
    return [
        Saying(
            person=owner.link.person,
            visibility=words.visibility(owner.visibility),
            consent=owner.consent,
            stopped=owner.link.stopped,
            status=owner.status,
            at=max((one.reported_at for one in action.updates if one.link_id == owner.link_id), default=None),
        )
        for owner in action.owners
    ]


def differ(said: list[Saying]) -> bool:
    """Whether owners contradict one another."""
    return len({one.status for one in said if one.status}) > 1


def render(_session: Session, action: PlannedAction) -> Markup:
    """The panel as HTML; nothing for the team's own actions, which nobody else owns."""
    said = sayings(action)
    if not said:
        return Markup()
    page = render_template(
        "followup/tracking/colleagues.html",
        action=action,
        event=action.event,
        sayings=said,
        owning={owner.link_id for owner in action.owners},
        differ=differ(said),
        requests=action.requests,
        named=companions.named_companions(action),
        exposing=requests.is_exposing(action),
        may_be_withdrawn=requests.may_be_withdrawn,
        request_words=request_words,
        wording=wording,
    )
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
