"""The figures of a document in tidy lines: one line a figure, whatever it is about. Pure.

A line says what it is about (wave, subject, code, group), what it is (`figure`), and its numbers. What the document
does not give is in no line.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from typing import Any

Said = Mapping[str, Any]

INTERVAL, RANGE = "95% interval", "possible range"


@dataclass(frozen=True)
class Line:
    """Shares lie between 0 and 1, net promoter scores between -100 and 100, margins of error are shares.

    `low` and `high` are what `span` says: an interval with 95% confidence, or the range that the counts shown allow.
    """

    event: str = ""
    edition: str = ""
    level: str = ""
    wave: str = "event"
    subject: str = ""
    code: str = ""
    text: str = ""
    group_by: str = ""
    group_within: str = ""
    group: str = ""
    group_label: str = ""
    option: str = ""
    label: str = ""
    figure: str = ""
    n: int | None = None
    count: int | None = None
    share: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    span: str = ""
    note: str = ""


HEADER = tuple(one.name for one in fields(Line))


def lines(document: Said) -> list[Line]:
    """All figures of a document, in its order."""
    head = Line(event=document["event"]["code"], edition=document["edition"], level=document["level"])
    later = document["followup"]
    found = [
        *_attendees(head, document["event"]["attendees"]),
        *_wave(head, document),
        *(_wave(replace(head, wave="followup"), later) if later else ()),
        *_turnout(head, document.get("turnout")),
        *_meetings(head, document.get("meetings_compared") or ()),
        *_comparison(head, document.get("comparison") or ()),
        *_reach(head, document.get("reach")),
        *_actions(head, document["actions"]),
    ]
    return [line for line in found if _tells(line)]


def _tells(line: Line) -> bool:
    numbers = (line.count, line.share, line.value, line.low, line.high)
    return bool(line.note) or any(number is not None for number in numbers)


def _wave(head: Line, wave: Said) -> Iterator[Line]:
    if wave["response"]:
        yield from _response(replace(head, subject="response"), wave["response"])
    for question in wave["questions"]:
        yield from _question(replace(head, subject="question", code=question["code"], text=question["text"]), question)


def _attendees(head: Line, said: Said) -> Iterator[Line]:
    about = replace(head, subject="attendees")
    yield replace(about, figure="attendees", count=said["total"])
    yield replace(about, figure="countries", count=said["countries"])
    for by in ("role", "meeting"):
        for group, count in said[f"by_{by}"].items():
            yield replace(about, figure="attendees", group_by=by, group=group, n=said["total"], count=count)
    for named in said["countries_named"]:
        group = {"group_by": "country", "group": named["country"]}
        yield replace(about, figure="attendees", n=said["total"], count=named["attendees"], **group)


def _response(about: Line, said: Said) -> Iterator[Line]:
    groups = [(about, said)]
    groups += [(replace(about, group_by="role", group=role), one) for role, one in said["by_role"].items()]
    for line, one in groups:
        yield replace(
            line, figure="response rate", n=one["invited"], count=one["answered"], share=one["rate"], note=_doubt(one)
        )
        yield replace(line, figure="margin of error", n=one["answered"], value=one["margin_of_error"])


def _question(about: Line, said: Said) -> Iterator[Line]:
    if said["n"] is None:
        reason = "asked only after certain answers" if said["withheld"] else "too few answers"
        yield replace(about, figure="not shown", note=reason)
        return
    yield from _answers(about, said, said["type"])
    for key in ("missing", "not_applicable"):
        yield replace(about, figure=key.replace("_", " "), count=said[key])
    yield replace(about, figure="margin of error", n=said["n"], value=said["margin_of_error"])
    ranked = said["ranking"]["options"] if said["ranking"] else ()
    for option in ranked:
        line = replace(about, option=option["code"], label=option["label"], n=said["n"])
        yield replace(line, figure="mean rank", value=option["mean_rank"])
        yield replace(line, figure="ranked first", count=option["first"])
    for breakdown in said["breakdowns"]:
        yield from _breakdown(about, said, breakdown)


def _breakdown(about: Line, question: Said, said: Said) -> Iterator[Line]:
    by = replace(about, subject="breakdown", group_by=said["by"], group_within=said["within"] or "")
    for group in said["groups"]:
        line = replace(by, group=_codes(group), group_label=group["label"])
        if said["form"] == "levels":
            yield replace(line, figure="favourable", n=group["n"], note=group["level_label"])
        else:
            yield from _answers(line, group, question["type"])
    for one in said.get("differences") or ():
        first, second = (said["groups"][place] for place in one["between"])
        codes, labels = f"{_codes(first)} - {_codes(second)}", f"{first['label']} − {second['label']}"
        yield _difference(replace(by, group=codes, group_label=labels), one)


def _codes(group: Said) -> str:
    return "+".join(map(str, group["members"]))


def _difference(about: Line, said: Said) -> Line:
    low, high = said["interval"] or (None, None)
    line = replace(about, figure=f"difference of {said['of']}", value=said["value"])
    return line if low is None else replace(line, low=low, high=high, span=INTERVAL)


def _answers(about: Line, said: Said, kind: str) -> Iterator[Line]:
    """The counts and figures of a question, of one of its groups, or of one meeting."""
    line = replace(about, n=said["n"])
    yield replace(line, figure="answers", count=said["n"], note=_doubt(said))
    for cell in said["cells"]:
        option = replace(line, figure="option", option=cell["key"], label=cell["label"])
        yield replace(option, count=cell["count"], share=cell["share"], note=cell.get("hidden") or "")
    if said["nearly_all"]:
        one = said["nearly_all"]
        yield replace(line, figure="option", option=one["key"], label=one["label"], note="nearly all")
    yield _ranged(line, "mean", said, said.get("mean_interval"))
    yield replace(line, figure="standard deviation", value=said.get("sd"))
    yield _ranged(line, "favourable", said)
    yield replace(line, figure="unfavourable", share=said.get("unfavourable"))
    if kind == "yes_no":
        yield replace(line, figure="yes", share=said.get("yes"))
    if said["nps"]:
        yield _bounded(replace(line, figure="net promoter score", value=said["nps"]["score"]), said["nps"]["interval"])
        for part in ("promoters", "passives", "detractors"):
            yield replace(line, figure=part, share=_share(said["nps"][part], said["n"]), count=said["nps"][part])


def _share(count: int, n: int) -> float | None:
    return round(count / n, 4) if n else None


def _ranged(line: Line, figure: str, said: Said, interval: Any = None) -> Line:
    """A mean or a favourable share, with its interval, or with the range that the counts shown allow."""
    value, span = said.get(figure), said.get(f"{figure}_range")
    named = replace(line, figure=figure, note=(said.get("band") or "") if figure == "mean" else "")
    if value is None and not span:
        return replace(named, note="")
    known = replace(named, value=value) if figure == "mean" else replace(named, share=value)
    if interval:
        return _bounded(known, interval)
    return known if not span or span[0] == span[1] else replace(known, low=span[0], high=span[1], span=RANGE)


def _bounded(line: Line, interval: Any) -> Line:
    return replace(line, low=interval[0], high=interval[1], span=INTERVAL) if interval else line


def _doubt(said: Said) -> str:
    return "indicative" if said.get("indicative") else ""


def _turnout(head: Line, said: Said | None) -> Iterator[Line]:
    if not said:
        return
    about = replace(head, subject="turnout")
    steps = ("asked", "reached", "started", "answered")
    groups = [(about, said)]
    for by in said["by"]:
        within = by.get("within") or ""
        line = replace(about, group_by=by["stratum"], group_within=within)
        groups += [(replace(line, group=_codes(one), group_label=one["label"]), one) for one in by["groups"]]
    for line, one in groups:
        for step in steps:
            yield replace(line, figure=step, n=one["asked"], count=one[step])


def _meetings(head: Line, compared: Iterable[Said]) -> Iterator[Line]:
    for one in compared:
        about = replace(head, subject="meetings compared", code=one["code"], text=one["text"], group_by="meeting")
        for meeting in one["meetings"]:
            yield from _answers(
                replace(about, group=meeting["code"], group_label=meeting["title"]), meeting, one["type"]
            )
        if one["difference"]:
            yield _difference(replace(about, group="last - first"), one["difference"])


def _comparison(head: Line, compared: Iterable[Said]) -> Iterator[Line]:
    for one in compared:
        about = replace(head, subject="comparison", code=one["code"], text=one["text"])
        for name in ("event", "portfolio"):
            if said := one[name]:
                line = replace(about, group=name, n=said["n"])
                yield _ranged(line, "mean", said)
                yield _ranged(line, "favourable", said)
                yield replace(line, figure="net promoter score", value=said["nps"])
        if target := one["target"]:
            met = {True: "reached", False: "not reached", None: ""}[target["met"]]
            yield replace(about, group="target", figure=target["measure"], value=target["value"], note=met)


def _reach(head: Line, said: Said | None) -> Iterator[Line]:
    if not said:
        return
    about = replace(head, subject="reach")
    for by in said["by"]:
        for group in by["groups"]:
            line = replace(about, figure=by["of"], group_by=by["by"], n=by["total"])
            line = replace(line, group=_codes(group), group_label=group["label"])
            yield replace(line, count=group["count"], share=group["share"])
    for group in said["sought"]:
        line = replace(about, group_by="stakeholder group", group_label=group["label"])
        yield replace(line, figure="sought", count=group["sought"])
        yield replace(line, figure="came", count=group["came"])
    for pillar in said["pillars"]:
        for one in pillar["figures"]:
            line = replace(about, code=one["code"], text=one["label"], group_by="pillar", group=pillar["code"])
            yield _pillar(replace(line, figure=one["kind"]), one)


def _pillar(line: Line, said: Said) -> Line:
    low, high = said["low"], said["high"]
    exact = replace(line, share=low) if said["kind"] == "share" else replace(line, value=low)
    return exact if low == high else replace(line, low=low, high=high, span=RANGE)


def _actions(head: Line, said: Said | None) -> Iterator[Line]:
    if not said or not said["counted"]:
        return
    about, total = replace(head, subject="actions"), said["total"]
    for figure in ("total", "owners", "overdue"):
        yield replace(about, figure=figure, count=said[figure])
    yield from _cells(replace(about, figure="status"), said["statuses"], total)
    yield from _cells(replace(about, figure="contribution"), said["contribution"])
    for month in said["standing"]:
        line = replace(about, group_by="months after the event", group=str(month["months"]))
        yield from _cells(replace(line, figure="status"), month["said"], month["total"])
        yield from _cells(replace(line, figure="verified"), month["verified"], month["total"])
        yield replace(line, figure="renewed", n=month["total"], count=month["renewed"])
    for breakdown in said["breakdowns"]:
        for group in breakdown["groups"]:
            line = replace(about, group_by=breakdown["by"], group=_codes(group), group_label=group["label"])
            yield from _cells(replace(line, figure="status"), group["statuses"], group["total"])
            yield replace(line, figure="owners", count=group["owners"])
    yield from _completion(about, said["completion"])


def _cells(about: Line, cells: Iterable[Said], total: int | None = None) -> Iterator[Line]:
    cells = list(cells)
    n = sum(one["count"] for one in cells) if total is None else total
    for one in cells:
        line = replace(about, option="+".join(one["codes"]), label=one["label"], n=n)
        yield replace(line, count=one["count"], share=_share(one["count"], n))


def _completion(about: Line, said: Said | None) -> Iterator[Line]:
    if not said:
        return
    yield replace(about, figure="months until half are done", value=said["median_months"])
    for point in said["points"]:
        line = replace(about, group_by="months after writing down", group=str(point["months"]), n=point["at_risk"])
        bounds = None if point["low"] is None else (point["low"], point["high"])
        yield _bounded(replace(line, figure="done", share=point["done"]), bounds)
        yield replace(line, figure="no longer planned", share=point["dropped"])
