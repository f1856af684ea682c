"""The report as a part of a web page: the chapters of the PDF, drawn for narrow screens."""

import re
from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from mande.reports.printing import pages as printing

NARROW = 340.0
"""How wide pictures are drawn, in pixels: about a telephone's screen. Wider screens enlarge them a little."""

Document = dict[str, Any]

_HEADING = re.compile(r"(</?h)([1-5])(?=[ >])")


def report(document: Document) -> Markup:
    """The report in its own language. Its title is the page's first heading. Needs an application context."""
    with force_locale(document["language"].replace("-", "_")):
        given = printing.values(printing.whole(document))
        drawn = {**given, "draw": replace(given["draw"], most=NARROW), "on_web": True}
        return Markup(render_template("reports/web/report.html", **drawn, lowered=lowered))  # noqa: S704 (escaped)


def lowered(html: str) -> Markup:
    """A chapter with its headings one level lower: on paper each of them begins like the title of a page.

    What somebody typed is escaped in it, so that nothing else looks like a heading.
    """
    return Markup(_HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", html))  # noqa: S704 (as above)
