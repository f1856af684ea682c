"""Sees to it that what a closing destroyed also leaves the database's files, though a long reader holds that up.

The audit trail remembers: a closing that no clearing follows, because somebody was reading or the program died in
between, is still to be cleared, by whichever process looks next.
"""

from sqlalchemy import func
from sqlalchemy import select

from mande import db
from mande.db import Database
from mande.staff import audit
from mande.staff.models import AuditEntry
from mande.surveys.results import closing

CLOSED = "survey closed"
CLEARED = "files cleared"


def clear(database: Database) -> bool:
    """Clears the files, outside any transaction, and writes down that it is done; False if it was held up."""
    done = closing.scrub(database)
    if done:
        with database.transaction() as session:
            audit.record(session, CLEARED, "closed surveys", actor=audit.PROGRAM)
    return done


def clear_if_due() -> int:
    """Clears the files if a survey was closed since they last were; 1 if that is done now, else 0."""
    return int(_is_due() and clear(db.database()))


def _is_due() -> bool:
    with db.reading() as session:
        found = session.execute(
            select(AuditEntry.action, func.max(AuditEntry.at))
            .where(AuditEntry.action.in_([CLOSED, CLEARED]))
            .group_by(AuditEntry.action)
        )
        last = {entry[0]: entry[1] for entry in found}
    return CLOSED in last and (CLEARED not in last or last[CLEARED] < last[CLOSED])
