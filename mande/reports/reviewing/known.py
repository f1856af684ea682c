"""Who was at an event, so that texts about it can be searched for their names."""

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.operations import attendees
from mande.reports.reviewing.mentions import Known


def read(session: Session, event: Event) -> Known:
    """Everybody at the event, and their organisations."""
    people = [attendance.person for attendance in attendees(session, event)]
    return Known.of((one.name for one in people), (one.organisation for one in people if one.organisation))
