"""What staff said about the columns of a list, kept by their names for the next list of that kind."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.importing.layouts import Columns
from mande.events.importing.layouts import Layout
from mande.events.models import ImportLayout

MOST_ASKED = 500


def find(session: Session, digests: Collection[str]) -> dict[str, Columns]:
    """What the columns of such lists mean, as staff last said, by the digest of their names."""
    wanted = sorted(digests)[:MOST_ASKED]
    found = session.scalars(select(ImportLayout).where(ImportLayout.digest.in_(wanted)))
    return {layout.digest: layout.columns for layout in found}


def remember(session: Session, layout: Layout) -> None:
    """Keeps what the columns mean. Of a list whose columns have no names there is nothing to know it by."""
    if not layout.row:
        return
    known = session.get(ImportLayout, layout.digest)
    if known is None:
        known = ImportLayout(digest=layout.digest)
        session.add(known)
    known.columns = layout.meant
    known.used_at = clock.now()
