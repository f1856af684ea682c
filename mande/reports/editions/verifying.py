"""Making published editions again, to see whether the same bytes come of what was kept."""

import json
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from jinja2 import TemplateError

from mande import db
from mande.reports import operations
from mande.reports.editions import programs
from mande.reports.models import Edition


class Finding(StrEnum):
    """`SPOILT`: what is stored is no longer what was published. `CHANGED`: other bytes come of it, of other programs
    than it was made with, or (`DIFFERENT`) of the same.
    """

    SAME = "same"
    CHANGED = "changed"
    DIFFERENT = "different"
    SPOILT = "spoilt"


@dataclass(frozen=True)
class Verified:
    """What came of making one edition again, and which programs are other ones by now."""

    finding: Finding
    programs: list[str]

    @property
    def wrong(self) -> bool:
        return self.finding in (Finding.DIFFERENT, Finding.SPOILT)


def verify(edition_id: UUID) -> Verified:
    """Makes an edition again from its document, as stored. Opens a transaction of its own, before the PDF is made.

    Raises RenderingError.
    """
    with db.reading() as session:
        edition = session.get_one(Edition, edition_id)
        others = programs.changed(edition.made_with)
        if not _is_as_published(edition):
            return Verified(Finding.SPOILT, others)
        document, digest = json.loads(edition.document), edition.pdf_sha256
        looks = operations.files_of(session, document)
    try:
        made = operations.as_pdf(document, looks=looks)
    except (LookupError, TypeError, TemplateError):
        # A document of an earlier program may lack what this one needs.
        made = b""
    if sha256(made).hexdigest() == digest:
        return Verified(Finding.SAME, others)
    return Verified(Finding.CHANGED if others else Finding.DIFFERENT, others)


def _is_as_published(edition: Edition) -> bool:
    kept = (edition.document.encode(), edition.document_sha256), (edition.pdf, edition.pdf_sha256)
    return all(sha256(data).hexdigest() == digest for data, digest in kept)
