"""Who came onto an event's list after its surveys had opened."""

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.surveys import operations
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState


def count(session: Session, event: Event) -> int:
    """How many people could be invited to the event's open surveys and are not; 0 while none is open."""
    open_ones = operations.surveys_of(session, event, Survey.state == SurveyState.OPEN)
    waves = {survey.wave for survey in open_ones}
    return max((sum(operations.newcomers(session, event, wave).values()) for wave in waves), default=0)
