"""What staff see of an event's surveys: how many have answered, by role. Never who, and never what."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import Role
from mande.events.operations import attendees
from mande.events.roles import asked_as
from mande.surveys import operations
from mande.surveys.catalogue import Choice
from mande.surveys.mailings import timeline
from mande.surveys.mailings import wording
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.reminders import zone_of


@dataclass(frozen=True)
class Line:
    """One role: `people` are to be asked in it, `invited` of them have been; `survey` is None before it is opened."""

    role: Role
    people: int
    answered: int
    invited: int
    survey: Survey | None

    @property
    def state(self) -> str:
        return self.survey.state.value if self.survey else SurveyState.DRAFT.value

    @property
    def rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None

    @property
    def withheld(self) -> bool:
        """Whether the survey closed with too few responses to keep more than their number."""
        return self.survey is not None and self.state == SurveyState.CLOSED and self.survey.responses < self.survey.k


@dataclass(frozen=True)
class Overview:
    """One wave of an event's surveys."""

    event: Event
    wave: Wave
    lines: list[Line]
    newcomers: int
    ends_at: datetime | None
    choices: Mapping[Role, Choice]

    @property
    def is_open(self) -> bool:
        return any(line.state == SurveyState.OPEN for line in self.lines)

    @property
    def is_closed(self) -> bool:
        """Whether there is nothing left to open, remind or close."""
        return bool(self.lines) and all(line.state == SurveyState.CLOSED for line in self.lines)

    @property
    def is_over(self) -> bool:
        return self.ends_at is None or self.ends_at <= clock.now()

    @property
    def waiting(self) -> int:
        """How many could be reminded: invited, in an open survey, and not heard of."""
        return sum(line.invited - line.answered for line in self.lines if line.state == SurveyState.OPEN)


def overview(session: Session, event: Event, wave: Wave = Wave.EVENT) -> Overview:
    """The surveys of an event in a wave, one line for each role in which somebody is asked or has been."""
    people = Counter(asked_as([held.role for held in one.roles]) for one in attendees(session, event))
    surveys = {survey.role: survey for survey in operations.surveys_of(session, event, Survey.wave == wave)}
    rates = operations.response_rates(session, event, wave)
    lines = [
        Line(role, people[role], *rates.get(role, (0, 0)), surveys.get(role))
        for role in Role
        if people[role] or role in surveys
    ]
    return Overview(
        event=event,
        wave=wave,
        lines=lines,
        newcomers=sum(operations.newcomers(session, event, wave).values()),
        ends_at=event.ends_at,
        choices=_choices(session, event, wave, [line.role for line in lines if line.survey is None]),
    )


def waves(session: Session, event: Event) -> list[Overview]:
    """The event's own surveys, and, once those are closed or it has been opened, the follow-up months later."""
    first = overview(session, event)
    if first.is_closed or operations.surveys_of(session, event, Survey.wave == Wave.FOLLOWUP):
        return [first, overview(session, event, Wave.FOLLOWUP)]
    return [first]


def _choices(session: Session, event: Event, wave: Wave, roles: Sequence[Role]) -> dict[Role, Choice]:
    """With what those in each role, who have not been asked, can be asked."""
    if not roles:
        return {}
    known = operations.questionnaires_of(session, event, wave)
    return {role: known[role] for role in roles}


def render(session: Session, event: Event) -> Markup:
    """The panel on the event's page."""
    seen = waves(session, event)
    closes = (clock.now() + timedelta(days=event.days_open)).astimezone(zone_of(event.time_zone)).date()
    following = timeline.next_of(session, event)
    page = render_template(
        "surveys/panel.html", waves=seen, event=event, closes=closes, following=following, wording=wording
    )
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
