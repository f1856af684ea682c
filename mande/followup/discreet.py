"""Keeping the links and messages of follow-up in line with who must not be exposed."""

from sqlalchemy.orm import Session

from mande.events import marking
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink


def align(session: Session) -> int:
    """See `marking.align`."""
    return marking.align_links(session, FollowupLink, CheckIn)
