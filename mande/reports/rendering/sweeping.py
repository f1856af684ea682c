"""What is left lying about: documents whose worker did not come back, files that were made a day ago, old rows."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import making
from mande.reports.rendering.queue import KEPT
from mande.reports.rendering.queue import LISTED

EVERY = 60


def run() -> int:
    """Gives back what no worker holds any more, and drops what is too old; returns how many documents it was about."""
    now = clock.now()
    with db.reading() as session:
        left = session.scalars(
            select(Rendering).where(Rendering.state == RenderingState.WORKING, Rendering.lease_until < now)
        ).all()
    for rendering in left:
        making.try_again(rendering, _("The program stopped while it made this document."))
    with db.transaction() as session:
        return len(left) + _drop(session, now)


def _drop(session: Session, now: datetime) -> int:
    old = select(Rendering.id).where(Rendering.ended_at < now - KEPT, Rendering.file.is_not(None))
    found = session.scalars(old).all()
    if found:
        session.execute(update(Rendering).where(Rendering.id.in_(found)).values(file=None))
    session.execute(delete(Rendering).where(Rendering.asked_at < now - LISTED, Rendering.ended_at.is_not(None)))
    return len(found)
