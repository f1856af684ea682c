"""What the page on which an edition is composed shows beside what was typed: what there is to choose from."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.reports import document
from mande.reports import wording
from mande.reports.actions import progress
from mande.reports.composing.composed import Composed
from mande.reports.composing.offered import Chapter
from mande.reports.composing.offered import Example
from mande.reports.composing.offered import chapters
from mande.reports.document import NothingToReportError
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.strata import parts


@dataclass(frozen=True)
class Offered:
    """What can be chosen for an edition; `problem` is why it cannot be made yet, and then there are no questions.

    `strata` says what each of them is called.
    """

    chapters: list[Chapter]
    strata: dict[str, str]
    examples: list[Example]
    problem: str


def offered(session: Session, event: Event, kind: EditionKind) -> Offered:
    """What can be chosen for an edition of this kind, in English."""
    level = kind.level
    try:
        whole, problem = document.whole(session, event, kind, Composed()), ""
    except NothingToReportError as error:
        whole, problem = None, str(error)
    return Offered(
        chapters=chapters(whole, _("In their own words")) if whole else [],
        strata={} if level is Level.INTERNAL else _strata(session, event),
        examples=[
            Example(action.id, action.what, progress.status_of(action), owner)
            for action, owner in progress.listable(session, event, level.value)
        ],
        problem=problem,
    )


def _strata(session: Session, event: Event) -> dict[str, str]:
    """By what the closed surveys have counted groups, as they declared it, and what that is called."""
    closed = select(Survey.strata).where(Survey.event_id == event.id, Survey.state == SurveyState.CLOSED)
    declared = [stratum for strata in session.scalars(closed) for stratum in strata if stratum != "role"]
    return {one: " × ".join(wording.STRATA.get(part, part) for part in parts(one)) for one in declared}
