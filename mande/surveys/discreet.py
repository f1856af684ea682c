"""Keeping invitations and their messages in line with who must not be exposed."""

from sqlalchemy.orm import Session

from mande.events import marking
from mande.surveys.models import Invitation


def align(session: Session) -> int:
    """See `marking.align`. A link that closing has destroyed needs no end."""
    return marking.align_links(session, Invitation, Invitation, Invitation.token_digest.is_not(None))
