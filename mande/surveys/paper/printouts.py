"""Which questionnaire is printed, and for which event."""

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.records import sectors
from mande.surveys import operations
from mande.surveys.authoring.preview import of_event
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.paper.printing import Asking
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.versions import definition_of


def of_survey(session: Session, survey: Survey) -> tuple[Definition, Asking]:
    """What a survey asks, with all that its event and its own terms fill in."""
    until = survey.closes_at if survey.state is SurveyState.OPEN else None
    asking = Asking(of_event(survey.event), until, survey.anonymous, survey.k, _own_sectors(session))
    return definition_of(survey.questionnaire), asking


def at_event(session: Session, event: Event, definition: Definition) -> tuple[Definition, Asking]:
    """A questionnaire for the people of an event. Where a survey asks it there, its version and its terms count."""
    for survey in operations.surveys_of(session, event):
        if survey.questionnaire.code == definition.code:
            return of_survey(session, survey)
    return definition, Asking(of_event(event), k=event.k, own_sectors=_own_sectors(session))


def of_nobody(session: Session) -> Asking:
    """For anybody, at whatever event."""
    return Asking(own_sectors=_own_sectors(session))


def _own_sectors(session: Session) -> tuple[str, ...]:
    return tuple(sectors.own(session).values())
