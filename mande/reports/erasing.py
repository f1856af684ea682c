"""What is held about somebody in reports: who reads them for a partner, and which published editions hold their action.

A published edition never changes: it stays as it is, like a printed one, and the team is told (see `editions.notices`).
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.models import Attendance
from mande.events.records.erasing import Whose
from mande.followup.held.holding import Fact
from mande.followup.held.holding import Section
from mande.followup.links import Visit
from mande.followup.models import ActionOwner
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.reports.models import Reader
from mande.reports.rendering import queue
from mande.web import day


def erase(session: Session, whose: Whose) -> None:
    """Whoever reads reports for a partner under one of these addresses does so no more. Reports that are not published
    but still kept as files are dropped: they may name them.
    """
    for reader in session.scalars(select(Reader).where(Reader.email.in_(whose.addresses))).all():
        session.delete(reader)
    session.flush()
    attended = select(Attendance.event_id).where(Attendance.person_id == whose.person.id)
    queue.forget(session, session.scalars(attended).all())


def tell(session: Session, visit: Visit) -> Sequence[Section]:
    """Published editions that hold their actions, and that they read reports for a partner."""
    addresses = [visit.person.email, *(one.address for one in visit.person.addresses)]
    readers = session.scalars(
        select(Reader).where(Reader.email.in_(addresses)).options(joinedload(Reader.partner)).order_by(Reader.added_at)
    )
    published = session.execute(
        select(Edition, EditionAction.named)
        .join(EditionAction, EditionAction.edition_id == Edition.id)
        .join(ActionOwner, ActionOwner.action_id == EditionAction.action_id)
        .where(ActionOwner.link_id == visit.link.id)
        .order_by(Edition.published_at)
    ).all()
    editions = [
        (
            Fact("edition", _("Edition"), f"{edition.kind.value} {edition.number}", _edition(edition)),
            Fact("published_on", _("Published"), edition.published_at.date().isoformat(), day(edition.published_at)),
            Fact("named", _("With a name"), named, _("yes") if named else _("no")),
        )
        for edition, named in published
    ]
    note = _("A published edition never changes. What you take back is left out of later ones.") if editions else ""
    reading = [
        (Fact("partner", _("You read reports for"), one.partner.name), Fact("address", _("By"), one.email))
        for one in readers
    ]
    return [
        Section("editions", _("Published reports that hold what you planned"), editions, note),
        Section("reader", _("Reports that you may read"), reading),
    ]


def _edition(edition: Edition) -> str:
    kinds: dict[EditionKind, str] = {
        EditionKind.INTERNAL: _("Internal edition, number %(number)d", number=edition.number),
        EditionKind.PARTNER: _("Edition for partners, number %(number)d", number=edition.number),
        EditionKind.PUBLIC: _("Public edition, number %(number)d", number=edition.number),
        EditionKind.SUMMARY: _("Summary on one page, number %(number)d", number=edition.number),
        EditionKind.RESPONDENTS: _("Edition for respondents, number %(number)d", number=edition.number),
    }
    return kinds[edition.kind]
