"""What pictures and the tables beside them say, in the language of the page."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.reports.charts import numbers
from mande.reports.charts.strips import Segment

Said = Mapping[str, Any]

NEARLY_ALL = "nearly all"


def parts(segments: Sequence[Segment], language: str) -> str:
    """What a bar shows to those who do not see it."""
    shown = [one for one in segments if one.share]
    return "; ".join(f"{one.label} {one.told or numbers.percent(one.share, language)}" for one in shown)


def rows(named: Sequence[tuple[str, str]]) -> str:
    """What bars below each other show: what each is called, and what it says."""
    return "; ".join(f"{name.rstrip('.')}: {told}" if told else name for name, told in named)


def mean(said: Said, language: str) -> str:
    """The mean as exactly as it is known: 4.25, 4.3 or 3.9–4.4; an en dash where it is not."""
    if not said["mean_range"]:
        return "–"
    low, high = said["mean_range"]
    if said["mean"] is not None:
        return numbers.decimal(said["mean"], 2 if round(low, 2) == round(high, 2) else 1, language)
    return f"{numbers.decimal(low, 1, language)}–{numbers.decimal(high, 1, language)}"


def favourable(said: Said, language: str) -> str:
    """The share of the two best options as exactly as it is known; an en dash where it is not."""
    span = said["favourable_range"]
    if said["favourable"] is not None:
        return numbers.percent(said["favourable"], language)
    if said["nearly_all"] and span and span[1] == 1:
        return nearly_all()
    if not span or list(span) == [0, 1]:
        return "–"
    return f"{numbers.percent(span[0], language)}–{numbers.percent(span[1], language)}"


def nearly_all() -> str:
    return str(_("nearly all"))


def hidden(cell: Said, few_below: int | None) -> str:
    """What stands for a count that is not shown."""
    if cell["hidden"] == NEARLY_ALL:
        return nearly_all()
    return str(_("fewer than %(number)s", number=few_below or 3))


def answers(many: int) -> str:
    return str(ngettext("%(num)s answer", "%(num)s answers", many))


def facts(question: Said, language: str) -> str:
    """The figures of a question in one line: 18 answers · mean 4.25 · favourable 83%."""
    told = [answers(question["n"])]
    if question["type"] in ("scale", "matrix"):
        if (known := mean(question, language)) != "–":
            told.append(_("mean %(mean)s", mean=known))
        if (known := favourable(question, language)) != "–":
            told.append(_("favourable %(share)s", share=known))
    if question["nps"]:
        told.append(_("net promoter score %(score)s", score=numbers.signed(question["nps"]["score"], language)))
    return " · ".join(told)


def thinly() -> str:
    return str(_("The answers are spread so thinly that every way of showing them would point at somebody."))


def done(share: float, language: str) -> str:
    return str(_("Done %(share)s", share=numbers.percent(share, language)))


def dropped(share: float, language: str) -> str:
    return str(_("No longer planned %(share)s", share=numbers.percent(share, language)))


def months_since() -> str:
    return str(_("Months since the action was written down"))


def curve(months: int, share_done: float, share_dropped: float, language: str) -> str:
    rises = ngettext(
        "The share of actions done over time. It rises to %(share)s after %(num)s month.",
        "The share of actions done over time. It rises to %(share)s after %(num)s months.",
        months,
        share=numbers.percent(share_done, language),
    )
    ends = _("By then %(share)s are no longer planned.", share=numbers.percent(share_dropped, language))
    return f"{rises} {ends}"


def trend(name: str, first: tuple[str, str], last: tuple[str, str]) -> str:
    if first == last:
        return f"{name}: {last[1]} ({last[0]})" if name else f"{last[1]} ({last[0]})"
    told = _(
        "From %(first)s (%(then)s) to %(last)s (%(now)s).", first=first[1], then=first[0], last=last[1], now=last[0]
    )
    return f"{name}. {told}" if name else str(told)


def between(value: str, low: str, high: str) -> str:
    return str(_("%(value)s, 95%% interval %(low)s to %(high)s", value=value, low=low, high=high))
