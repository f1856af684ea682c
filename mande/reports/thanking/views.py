"""What came of an event as a whole, for the owners of its actions: the figures of the latest public edition."""

import json
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from sqlalchemy.orm import Session

from mande import db
from mande.followup.links import Visit
from mande.followup.owning import pages
from mande.reports.editions import files
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.printing import labels

blueprint = Blueprint("outcome", __name__)
blueprint.url_defaults(pages.keep_language)


@blueprint.get("/a/<token>/outcome")
def show(token: str) -> str:
    with db.reading() as session:
        visit = pages.visited(session, token)
        edition = _latest(session, visit)
        return _page(visit, edition, json.loads(edition.document) if edition else None)


@blueprint.get("/a/<token>/outcome.pdf")
def report(token: str) -> Response:
    """The public edition as it was published."""
    with db.reading() as session:
        visit = pages.visited(session, token)
        edition = _latest(session, visit) or abort(404)
        return files.download(edition, visit.event.code, "pdf")


def _latest(session: Session, visit: Visit) -> Edition | None:
    return publishing.latest(session, visit.event.id, EditionKind.PUBLIC)


def _page(visit: Visit, edition: Edition | None, document: dict[str, Any] | None) -> str:
    return render_template(
        "reports/thanking/outcome.html",
        token=visit.token,
        event=visit.event,
        person=visit.person,
        edition=edition,
        document=document,
        labels=labels,
    )
