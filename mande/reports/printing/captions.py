"""What stands beside a question in a document: whom it was asked of, how many answered, its figures in words. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.events.kinds import Role
from mande.reports import spoken
from mande.reports import wording
from mande.reports.charts import words

Said = Mapping[str, Any]

SCALES = ("scale", "matrix")
DIFFERENCES = 3
"""How many differences of a breakdown are printed. All of them are in the data."""


def meta(question: Said) -> list[str]:
    """The facts of a question, each in a few words."""
    n = question["n"]
    told = [asked_of(question), ngettext("%(num)s answer", "%(num)s answers", n)]
    if blank := question["missing"]:
        told.append(ngettext("%(num)s left it blank", "%(num)s left it blank", blank))
    if apart := question["not_applicable"]:
        told.append(ngettext("%(num)s found it not applicable", "%(num)s found it not applicable", apart))
    if question["type"] in SCALES and (mean := mean_of(question)) != spoken.NOTHING:
        told.append(_("mean %(mean)s", mean=mean))
    if interval := question["mean_interval"]:
        told.append(_interval(*(spoken.decimal(end, 2) for end in interval)))
    if question["sd"] is not None:
        told.append(_("standard deviation %(sd)s", sd=spoken.decimal(question["sd"], 2)))
    if question["nps"] and (interval := question["nps"]["interval"]):
        told.append(_interval(*(spoken.signed(end) for end in interval)))
    return [str(one) for one in told if one]


def asked_of(question: Said) -> str:
    """Who was asked, where that was not everybody."""
    partly, asked = question["partly_asked"], question["asked_of"]
    if len(asked) == len(Role) and question["counted"] == asked and not partly:
        return ""
    people = roles(asked)
    if partly == "answers":
        return str(_("Asked of %(roles)s who had given a certain answer", roles=people))
    if question["meeting"]:
        return str(_("Asked of %(roles)s who attended", roles=people))
    if partly:
        return str(_("Asked of %(roles)s whom it concerned", roles=people))
    return str(_("Asked of %(roles)s", roles=people))


def roles(codes: Sequence[str]) -> str:
    """Roles in a sentence: “participants and speakers”."""
    return spoken.together(wording.ROLES[Role(code)].lower() for code in codes)


def score(question: Said) -> tuple[str, str] | None:
    """The figure of a question that is to be remembered, and what it is; None where it has none."""
    if question["type"] in SCALES and (share := favourable_of(question)) != spoken.NOTHING:
        return share, str(_("favourable"))
    if question["yes"] is not None:
        return spoken.percent(question["yes"]), str(_("yes"))
    if question["nps"]:
        return spoken.signed(question["nps"]["score"]), str(_("net promoter score"))
    return None


def mean_of(said: Said) -> str:
    """A mean as exactly as it is known; an en dash where nothing is known of it."""
    options = said.get("options")
    if options and said["mean_range"] == [1, len(options)]:
        return spoken.NOTHING
    return words.mean(said, spoken.language())


def favourable_of(said: Said) -> str:
    """The share of the two best options as exactly as it is known; an en dash where nothing is known of it."""
    return words.favourable(said, spoken.language())


def called(question: Said, meetings: Mapping[str, str]) -> str:
    """A question by its words, and by the meeting for which it was asked where these do not tell."""
    text: str = question["text"]
    meeting = meetings.get(question["meeting"] or "", question["meeting"])
    if not meeting or meeting in text:
        return text
    return str(_("%(question)s (%(meeting)s)", question=text, meeting=meeting))


def grouped_by(breakdown: Said) -> str:
    """The caption of a breakdown."""
    stratum = wording.STRATA.get(breakdown["by"], breakdown["by"])
    if breakdown["within"]:
        return str(_("By %(stratum)s, %(roles)s only", stratum=stratum, roles=roles([breakdown["within"]])))
    return str(_("By %(stratum)s", stratum=stratum))


def differences(breakdown: Said) -> list[str]:
    """The greatest differences between its groups, each with its interval, in sentences; all of the same figure."""
    found = breakdown.get("differences") or []
    groups = breakdown["groups"]
    return [
        str(
            _(
                "%(first)s less %(second)s: %(value)s (95%% interval %(low)s to %(high)s)",
                first=groups[one["between"][0]]["label"],
                second=groups[one["between"][1]]["label"],
                value=difference(one["of"], one["value"]),
                **_ends(one),
            )
        )
        for one in [one for one in found if one["of"] == found[0]["of"]][:DIFFERENCES]
    ]


def difference(of: str, value: float) -> str:
    """The difference of two shares or two net promoter scores, both in points, or of two means, with its sign."""
    if of == "mean":
        return spoken.signed(value, 2)
    return str(_("%(points)s points", points=spoken.signed(value if of == "nps" else 100 * value)))


def interval(one: Said) -> str:
    """The interval of a difference, in the unit of the difference."""
    return str(_("%(low)s to %(high)s", **_ends(one)))


def _ends(one: Said) -> dict[str, str]:
    digits, times = (2, 1) if one["of"] == "mean" else (0, 1 if one["of"] == "nps" else 100)
    low, high = (spoken.signed(times * end, digits) for end in one["interval"])
    return {"low": low, "high": high}


def beside(one: Said) -> tuple[float, tuple[float, float], tuple[float, float], float | None] | None:
    """The mean of this event and what is known of it, the scale, and the mean of the others; None where there is none.

    Where no more than a range is known, its middle stands for the mean.
    """
    known = one["event"]["mean_range"]
    if not known:
        return None
    others = one["portfolio"]["mean_range"] if one["portfolio"] else None
    return sum(known) / 2, (known[0], known[1]), (one["scale"][0], one["scale"][1]), others and sum(others) / 2


def figure(said: Said) -> str:
    """The figure by which the answers of a question for one meeting, or of one group, are compared."""
    if said["yes"] is not None:
        return spoken.percent(said["yes"])
    if said["nps"]:
        return str(_("net promoter score %(score)s", score=spoken.signed(said["nps"]["score"])))
    share = favourable_of(said)
    return mean_of(said) if share == spoken.NOTHING else share


def points(said: Said) -> list[str]:
    """The points of a scale, as far as what is shown of it tells: its last part holds the last of them."""
    last = said["cells"][-1] if said["cells"] else said["nearly_all"]
    return [str(point) for point in range(1, int(last["codes"][-1]) + 1)] if last else []


def plain_mean(value: float) -> str:
    """A mean alone: 4.25."""
    return spoken.decimal(value, 2)


def reached(figure: Said) -> str:
    """A figure of reach, as exactly as it is known: a share, a number or a count."""
    low, high = figure["low"], figure["high"]
    if figure["kind"] == "share":
        return spoken.percent_span(low, high)
    if figure["kind"] == "points":
        ends = [spoken.signed(low, 1), spoken.signed(high, 1)]
        return ends[0] if ends[0] == ends[1] else str(_("%(low)s to %(high)s", low=ends[0], high=ends[1]))
    return spoken.decimal_span(low, high, 0 if figure["kind"] == "count" else 1)


def reading(response: Said) -> str:
    """What the margin of error means, in a sentence."""
    margin, rate = response["margin_of_error"], response["rate"]
    if not response["answered"]:
        return str(_("Nobody has answered."))
    if margin is None:
        return str(_("Nobody knows how many people were asked, so that no margin of error can be given."))
    if margin == 0:
        return str(_("Everybody who was asked has answered: the figures have no margin of error from who answered."))
    sentences = [
        _(
            "%(answered)s of %(invited)s people answered, %(rate)s.",
            answered=spoken.whole(response["answered"]),
            invited=spoken.whole(response["invited"]),
            rate=spoken.percent(rate),
        ),
        _(
            "Had everybody answered, a share of %(half)s in this report could have come out up to %(points)s "
            "percentage points higher or lower.",
            half=spoken.percent(0.5),
            points=spoken.points(margin),
        ),
        _("The figures are therefore an indication, not a measurement.") if response["indicative"] else "",
    ]
    return " ".join(str(one) for one in sentences if one)


def _interval(low: str, high: str) -> str:
    return str(_("95%% interval %(low)s to %(high)s", low=low, high=high))
