"""What the pages of a report have in common, whoever reads it: its charts, and its figures as files."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask import Response
from flask import abort
from flask import url_for
from flask_babel import force_locale

from mande import exports
from mande import pdf
from mande.reports.exporting import spss
from mande.reports.exporting import tables
from mande.reports.printing import pages as printing
from mande.reports.web import slides
from mande.reports.web.slides import Slide

Document = dict[str, Any]

SVG, PNG = "image/svg+xml", "image/png"
PNG_WIDTH = 1920

FILES: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "csv": ("text/csv", lambda document: tables.csv_of(document).encode("utf-8-sig")),
    "xlsx": (exports.XLSX, tables.xlsx_of),
    "sav": ("application/x-spss-sav", spss.sav_of),
}
"""All figures of a document as files: their type, and how they are made."""


@dataclass(frozen=True)
class Place:
    """Where a report is read: the blueprint of its pages, and what their addresses need."""

    blueprint: str
    given: dict[str, Any] = field(default_factory=dict)
    has_sav: bool = field(default_factory=spss.is_installed)

    def url(self, page: str, **more: Any) -> str:
        return url_for(f"{self.blueprint}.{page}", **self.given, **more)


def charts(document: Document) -> list[Slide]:
    """The charts of a document for slides, in its language."""
    with force_locale(document["language"].replace("-", "_")):
        given = printing.values(printing.whole(document))
        return slides.slides(given["document"], given["draw"])


def chart(document: Document, name: str, key: str, form: str) -> Response:
    """One of them as a file; `form` is "svg" or "png". Not found where there is none. Raises RenderingError."""
    found = next((one for one in charts(document) if one.key == key), None) or abort(404)
    svg = found.picture.svg
    made, kind = (svg.encode(), SVG) if form == "svg" else (pdf.picture(svg, PNG_WIDTH), PNG)
    return _file(made, kind, f"{name}-{key}.{form}")


def figures(document: Document, name: str, form: str) -> Response:
    """All figures as a file; `form` is one of FILES."""
    kind, make = FILES[form]
    try:
        return _file(make(document), kind, f"{name}.{form}")
    except spss.NotInstalledError as error:
        abort(404, str(error))


def _file(made: bytes, kind: str, name: str) -> Response:
    answer = Response(made, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
