"""A year's report as a PDF in the look of the house."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from functools import partial
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from mande import languages
from mande import pdf
from mande.config import ROOT
from mande.pdf import Attached
from mande.pdf import fonts
from mande.reports import spoken
from mande.reports.charts import Drawing
from mande.reports.charts import Moment
from mande.reports.charts import Picture
from mande.reports.charts import numbers
from mande.reports.kinds import Paper
from mande.reports.looks import css
from mande.reports.looks import palette
from mande.reports.portfolio import wording
from mande.reports.portfolio.annual import method
from mande.reports.rendering.works import Told

LEAST = 2
"""Periods that make a trend."""
NARROW, WIDE = 150.0, 190.0

Said = Mapping[str, Any]


def as_pdf(document: Said, told: Told | None = None, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of the document; `files` are those that its look names. Raises RenderingError."""
    return pdf.render(as_html(document), [_attached(document)], told, files=files)


def _attached(document: Said) -> Attached:
    """The data that the pages were made of, inside the PDF."""
    data = (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
    at = datetime.combine(date.fromisoformat(document["generated_on"]), time(), UTC)
    with force_locale(document["language"]):
        told = _("This report as data")
    return Attached(f"annual-report-{document['year']}.json", "application/json", data, at, told, "Source")


def as_html(document: Said) -> str:
    """The page that the PDF is made of. Needs an application context."""
    look, language = document["look"], document["language"]
    direction = languages.direction(language)
    folder = ROOT / "templates" / "reports"
    sheets = ["report.css", "portfolio/annual.css"]
    sheets += ["print/letter.css"] if look["paper"] == Paper.LETTER.value else []
    sheets += ["print/rtl.css"] if direction == "rtl" else []
    style = "".join((folder / name).read_text(encoding="utf-8") for name in sheets)
    colours = palette.of(look["accent"])
    with force_locale(language):
        return render_template(
            "reports/portfolio/annual.html",
            document=document,
            look=look,
            colours=colours,
            direction=direction,
            sections=sections(document["questions"]),
            drawn=Drawn(Drawing(colours, direction, language, look["font"])),
            bands=wording.BANDS,
            method=method.method(document["level"]),
            value=value,
            spread=spread,
            style=fonts.faces() + css.variables(look) + style,
        )


def sections(questions: Sequence[Said]) -> list[tuple[str, list[Said]]]:
    """The questions by section, each in the order in which it comes first; those asked months later are the last."""
    found: dict[tuple[bool, str], list[Said]] = {}
    for one in questions:
        found.setdefault((one["wave"] == "followup", one["section"]), []).append(one)
    ordered = sorted(found.items(), key=lambda pair: pair[0][0])
    return [(wording.section(section, later), its) for (later, section), its in ordered]


def spread(span: Sequence[float] | None) -> str:
    """A share, or the least and the greatest that it can be."""
    return spoken.NOTHING if span is None else spoken.percent_span(*span)


def value(question: Said, said: Said) -> str:
    """The mean of a scale or rating, or the share of yes, as exactly as it is known."""
    if question["type"] == "yes_no":
        return spoken.percent_span(*said["favourable_range"])
    low, high = said["mean_range"]
    return spoken.decimal_span(low, high, 2 if low == high else 1)


@dataclass(frozen=True)
class Drawn:
    """The small multiples of the report."""

    drawing: Drawing

    def share(self, measure: Said) -> Picture | None:
        """A share year by year."""
        told = partial(numbers.percent, language=self.drawing.language)
        moments = [_moment(one["label"], one["share"]) for one in measure["trend"]]
        return self._trend(moments, (0, 1), measure["label"], told, measure["target"], WIDE)

    def question(self, question: Said) -> Picture | None:
        """A mean year by year."""
        yes_no, language = question["type"] == "yes_no", self.drawing.language
        told = partial(numbers.percent, language=language) if yes_no else partial(
            numbers.decimal, digits=1, language=language
        )  # fmt: skip
        target = question["target"]
        aim = target["value"] if target and target["measure"] == "mean" else None
        moments = [_moment(one["label"], one["mean_range"]) for one in question["trend"]]
        return self._trend(moments, tuple(question["scale"]), question["text"], told, aim, NARROW)

    def months(self, months: Sequence[Said], name: str, label: str) -> Picture | None:
        """How many month by month."""
        most = max((one[name] for one in months), default=0)
        moments = [Moment(one["month"][-2:], float(one[name])) for one in months]
        told = partial(numbers.decimal, digits=0, language=self.drawing.language)
        return self._trend(moments, (0, most), label, told, None, WIDE) if most else None

    def _trend(
        self, moments: Sequence[Moment], span: Any, name: str, told: Any, target: float | None, width: float
    ) -> Picture | None:
        if sum(one.value is not None for one in moments) < LEAST:
            return None
        return self.drawing.trend(moments, span, name=name, target=target, told=told, width=width)


def _moment(label: str, span: Sequence[float] | None) -> Moment:
    if span is None:
        return Moment(label, None)
    low, high = span
    return Moment(label, (low + high) / 2, low, high) if low < high else Moment(label, low)
