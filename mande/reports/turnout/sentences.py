"""What turnout says, and what those who did not answer can do to the figures, in whole sentences. Pure.

How a figure could differ at the most is worked out without any assumption: all who did not answer it were of the worst
opinion, or all of the best (C. F. Manski, American Economic Review 80(2), 1990, pages 319 to 323: worst-case bounds).
"""

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.reports import spoken

# A group's share of those who answered is that of those asked, give or take so much.
ALIKE = 0.1

Said = dict[str, Any]


def of(turnout: Said, questions: Sequence[Said], populations: Sequence[int | None], internal: bool) -> list[str]:
    """The sentences, in the language that is spoken; `turnout` is all else of this part of the document."""
    found = [_taking_part(turnout)]
    if internal:
        found += _composition(turnout["by"])
    return [*found, *_bounds(turnout, questions, populations)]


def bounds(low: float, high: float, n: int, population: int) -> tuple[float, float]:
    """The least and greatest share of the whole population, of which `n` answered with a share from `low` to `high`."""
    return low * n / population, (high * n + population - n) / population


def _taking_part(turnout: Said) -> str:
    asked, reached, started, answered = (turnout[name] for name in ("asked", "reached", "started", "answered"))
    if asked is None:
        return str(ngettext("%(num)d person answered.", "%(num)d people answered.", answered))
    numbers = {"asked": asked, "reached": reached, "started": started, "answered": answered}
    if started is None:
        return str(_("Of %(asked)d people who were asked, %(answered)d answered.", **numbers))
    if reached >= started:
        text = _(
            "Of %(asked)d people who were asked, %(reached)d could be reached, %(started)d began and %(answered)d "
            "answered.",
            **numbers,
        )
        return str(text)
    return str(_("Of %(asked)d people who were asked, %(started)d began and %(answered)d answered.", **numbers))


def _composition(by: Sequence[Said]) -> Iterator[str]:
    """Whether those who answered are like those who were asked, by everything that was counted."""
    apart: list[tuple[float, str, float, float]] = []
    compared = [one for one in by if len(one["groups"]) > 1]
    for one in compared:
        asked, answered = (sum(group[name] for group in one["groups"]) for name in ("asked", "answered"))
        if asked and answered:
            apart += [
                (abs(was - now), group["label"], was, now)
                for group in one["groups"]
                for was, now in [(group["asked"] / asked, group["answered"] / answered)]
            ]
    apart.sort(key=lambda found: (-found[0], found[1]))
    if apart and apart[0][0] < ALIKE:
        labels = spoken.together(dict.fromkeys(one["label"] for one in compared))
        yield str(_("By %(strata)s, those who answered are much like those who were asked.", strata=labels))
    for _gap, label, was, now in [found for found in apart if found[0] >= ALIKE][:2]:
        shares = {"group": label, "asked": spoken.percent(was), "answered": spoken.percent(now)}
        yield str(
            _("“%(group)s”: %(asked)s of those who were asked, but %(answered)s of those who answered.", **shares)
        )


def _bounds(turnout: Said, questions: Sequence[Said], populations: Sequence[int | None]) -> Iterator[str]:
    if turnout["asked"] is not None and turnout["answered"] >= turnout["asked"]:
        yield str(_("Everybody who was asked answered: nobody’s silence can change a figure."))
        return
    asked = zip(questions, populations, strict=True)
    question, population = next((one for one in asked if _is_telling(*one)), ({}, None))
    if population is None:
        return
    n = question["n"]
    low, high = question["favourable_range"]
    least, most = bounds(low, high, n, population)
    silent = population - n
    yield str(
        ngettext(
            "“%(question)s”: %(shown)s of those who answered were favourable. %(num)d person who was asked did not "
            "say: whatever they think, it is from %(least)s to %(most)s of all.",
            "“%(question)s”: %(shown)s of those who answered were favourable. %(num)d people who were asked did not "
            "say: had all of them been unfavourable, it would be %(least)s of all; had all been favourable, %(most)s.",
            silent,
            question=question["text"],
            shown=spoken.percent_span(low, high),
            least=spoken.percent(least),
            most=spoken.percent(most),
        )
    )


def _is_telling(question: Said, population: int | None) -> bool:
    """Whether it is of the two-minute route, has a favourable share, and not everybody who was asked answered it."""
    answered = question["core"] and question["n"] and question["favourable_range"]
    return bool(answered and population and population > question["n"])
