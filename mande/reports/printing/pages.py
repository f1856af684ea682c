"""The page that the PDF of a report is made of: any kind, in any language of the interface, on either paper."""

import json
from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask_babel import force_locale

from mande import languages
from mande.config import ROOT
from mande.pdf import fonts
from mande.reports import looks
from mande.reports import spoken
from mande.reports import wording
from mande.reports.charts import Drawing
from mande.reports.composing import markdown
from mande.reports.composing.composed import sections_of
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.looks import css
from mande.reports.looks import palette
from mande.reports.printing import captions
from mande.reports.printing import layout
from mande.reports.printing import onepage

FOLDER = ROOT / "templates" / "reports"

Document = dict[str, Any]


LOOK: Document = looks.said(None, "", Paper.A4, fonts.LATIN)


def page(document: Document) -> str:
    """The document as HTML for the press. Needs an application context."""
    with force_locale(document["language"].replace("-", "_")):
        return _page(whole(document))


def whole(document: Document) -> Document:
    """The document with all that a page needs: those of editions published earlier have no look and nothing chosen."""
    sections = list(sections_of(EditionKind(document["edition"])))
    return {"sections": sections, "text": {}, "look": LOOK, "turnout": None, "history": None} | document


def values(document: Document) -> Document:
    """What the chapters' templates are given, for a `whole` document; in the language that is spoken."""
    direction = languages.direction(document["language"])
    look = document["look"]
    colours = palette.of(look["accent"])
    return {
        "document": document,
        "direction": direction,
        "look": look,
        "pages": layout.arrange(document),
        "say": captions,
        "draw": Drawing(colours, direction, document["language"], look["font"]),
        "colours": colours,
        "bands": wording.BANDS,
        "editions": wording.EDITIONS,
        "prose": markdown.as_html,
    }


def _page(document: Document) -> str:
    summary = document["edition"] == EditionKind.SUMMARY
    given = values(document)
    return render_template(
        f"reports/{'print/summary' if summary else 'report'}.html",
        **given,
        **(_fitted(document, given["pages"]) if summary else {}),
        style=_style(document, given["direction"], summary),
    )


def _fitted(document: Document, pages: Document) -> Document:
    """How what was written fits on the one page of a summary."""
    html = {name: markdown.as_html(text, 3) for name, text in document["text"].items() if text.strip()}
    texts = [html[name] for name in ("summary", "findings") if name in html]
    beside = [html[name] for name in ("recommendations",) if name in html]
    known = layout.ends_first(pages["highlights"])
    questions = [captions.called(one, pages["meetings"]) for one in known]
    paper = document["look"]["paper"]
    written = bool(texts or beside)
    if not written:
        return _beside(pages, known, onepage.fit_alone(questions, paper)) | {"written": False}
    fits = [onepage.fit(texts, beside, questions, paper, least) for least in range(onepage.LEAST_QUESTIONS, -1, -1)]
    return _beside(pages, known, next((fit for fit in fits if not fit.over), fits[0])) | {"written": True}


def _beside(pages: Document, known: Sequence[Document], fit: onepage.Fit) -> Document:
    """The questions that fit, the most favourable first."""
    shown = known[: fit.rows]
    return {"fit": fit, "glance": [one for one in pages["highlights"] if one in shown]}


def _style(document: Document, direction: str, summary: bool) -> str:
    sheets = [
        "report.css",
        "print/letter.css" if document["look"]["paper"] == "letter" else "",
        "print/rtl.css" if direction == "rtl" else "",
        "print/summary.css" if summary else "",
    ]
    rules = [(FOLDER / sheet).read_text(encoding="utf-8") for sheet in sheets if sheet]
    return "\n".join([fonts.faces(), css.variables(document["look"]), *rules, _running(document)])


def _running(document: Document) -> str:
    """What stands at the head and the foot of every page."""
    edition = wording.EDITIONS[document["edition"]]
    if document.get("published"):
        edition += f" {document['published']['number']}"
    strings = {
        "running-title": document["event"]["title"],
        "running-edition": f"{edition} · {spoken.day(document['generated_on'])}",
        "running-convenor": document["event"]["convenor"],
    }
    return f".cover {{ string-set: {', '.join(f'{name} {_quoted(text)}' for name, text in strings.items())} }}\n"


def _quoted(text: str) -> str:
    """A string of CSS within a page of HTML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("<", "\\3c ")
