"""What the team wrote about an action goes with it, when its owner withdraws it."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mande.followup.desk.models import Note
from mande.followup.desk.models import TeamReminder
from mande.followup.desk.models import Verification
from mande.followup.desk.models import outcome_action
from mande.followup.models import PlannedAction


def forget(session: Session, action: PlannedAction) -> None:
    """Erases notes, verifications and reminders about an action, and that it led to outcomes.

    Its history still tells that there were some.
    """
    fetch = {"synchronize_session": "fetch"}
    session.execute(delete(Note).where(Note.action_id == action.id), execution_options=fetch)
    session.execute(delete(Verification).where(Verification.action_id == action.id), execution_options=fetch)
    session.execute(delete(TeamReminder).where(TeamReminder.action_id == action.id), execution_options=fetch)
    session.execute(delete(outcome_action).where(outcome_action.c.action_id == action.id))
    action.verified = None
    session.flush()
