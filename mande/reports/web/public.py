"""What anybody may read: published editions for the public, and for those who took part. No sign-in and no cookie.

An address names one edition, which never changes. Whether somebody opens it is written down nowhere.
"""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import g
from flask import render_template
from flask_babel import refresh
from limits import parse
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from mande import db
from mande.events.models import Event
from mande.reports.editions import files
from mande.reports.editions import holding
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.looks import palette
from mande.reports.models import Edition
from mande.reports.web import page
from mande.reports.web import serving
from mande.reports.web.serving import Place
from mande.staff import throttle

KINDS = (EditionKind.PUBLIC, EditionKind.RESPONDENTS)
PICTURES = parse("30 per minute")
"""How many PNG one place may have: each takes a process some tenths of a second."""
PALETTE_LASTS = 365 * 24 * 3600

blueprint = Blueprint("published", __name__, url_prefix="/e")


class TakenBackError(NotFound):
    """The edition was replaced, and holds what somebody has taken back. `newest` is what replaced it."""

    def __init__(self, newest: Edition) -> None:
        super().__init__()
        self.newest, self.language, self.convenor = newest.id, newest.language, newest.event.convenor


@blueprint.errorhandler(TakenBackError)
def replaced(error: TakenBackError) -> tuple[str, int]:
    _speak(error.language)
    return render_template("reports/web/replaced.html", newest=error.newest, convenor=error.convenor), 410


@blueprint.get("/<uuid:edition_id>")
def show(edition_id: UUID) -> str:
    with db.reading() as session:
        edition = _open(session, edition_id)
        document = json.loads(edition.document)
        return _page("page", session, edition, document=document, report=page.report(document))


@blueprint.get("/<uuid:edition_id>/charts")
def charts(edition_id: UUID) -> str:
    with db.reading() as session:
        edition = _open(session, edition_id)
        document = json.loads(edition.document)
        return _page("charts", session, edition, document=document, charts=serving.charts(document))


@blueprint.get("/<uuid:edition_id>/charts/<key>.<any(svg, png):image>")
def chart(edition_id: UUID, key: str, image: str) -> Response:
    with db.reading() as session:
        edition = _open(session, edition_id)
        name, document = files.called(edition, edition.event.code), json.loads(edition.document)
    if image == "png" and not throttle.hit(PICTURES, "chart as PNG"):
        abort(429)
    return serving.chart(document, name, key, image)


@blueprint.get("/<uuid:edition_id>/figures.<any(csv, xlsx, sav):table>")
def figures(edition_id: UUID, table: str) -> Response:
    with db.reading() as session:
        edition = _open(session, edition_id)
        name = files.called(edition, edition.event.code)
        return serving.figures(json.loads(edition.document), name, table)


@blueprint.get("/<uuid:edition_id>.<any(pdf, json):form>")
def download(edition_id: UUID, form: str) -> Response:
    """The file as it was stored."""
    with db.reading() as session:
        edition = _open(session, edition_id)
        return files.download(edition, edition.event.code, form)


@blueprint.get("/colours/<accent>.css")
def colours(accent: str) -> Response:
    """The colours that go with a convenor's own, for the style sheet of reports."""
    try:
        shades = palette.of(accent)
    except ValueError:
        abort(404)
    said = "".join(f"--{name}: {getattr(shades, name)}; " for name in ("accent", "deep", "pale", "wash", "line"))
    answer = Response(f".report, .paper {{ {said}}}\n", mimetype="text/css")
    answer.cache_control.public = True
    answer.cache_control.max_age = PALETTE_LASTS
    return answer


def _open(session: Session, edition_id: UUID) -> Edition:
    """An edition that anybody may read, in whose language the page speaks. Raises NotFound, TakenBackError."""
    edition = publishing.stored(session, edition_id)
    if edition is None or edition.kind not in KINDS:
        abort(404)
    newest = _newest(session, edition.event, edition.kind)[edition.language]
    if newest is not edition and any(one.edition is edition for one in holding.withdrawn(session, edition.event)):
        raise TakenBackError(newest)
    _speak(edition.language)
    return edition


def _newest(session: Session, event: Event, kind: EditionKind) -> dict[str, Edition]:
    """The newest editions of a kind, by language."""
    editions = holding.latest(publishing.editions(session, event))
    return {language: one for (known, language), one in editions.items() if known is kind}


def _speak(language: str) -> None:
    g.language = language
    refresh()


def _page(name: str, session: Session, edition: Edition, **values: Any) -> str:
    newest = _newest(session, edition.event, edition.kind)
    return render_template(
        f"reports/web/{name}.html",
        frame="reports/web/frames/public.html",
        place=Place("published", {"edition_id": edition.id}),
        edition=edition,
        newest=newest[edition.language],
        others=[one for language, one in sorted(newest.items()) if language != edition.language],
        **values,
    )
