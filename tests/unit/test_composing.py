"""Composing an edition: what is typed, what is chosen, what comes of Markdown."""

import re
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from mande.reports.composing import offered
from mande.reports.composing import overview
from mande.reports.composing import typed as typing
from mande.reports.composing.choosing import chosen
from mande.reports.composing.composed import SECTIONS
from mande.reports.composing.composed import TEXTS
from mande.reports.composing.composed import Composed
from mande.reports.composing.composed import possible
from mande.reports.composing.composed import sections_of
from mande.reports.composing.markdown import as_html
from mande.reports.composing.overview import Kind
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.models import Composition
from mande.reports.models import Edition

ALLOWED = {
    "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SIGNS = ["# ", "### ", "###### ", "- ", "1. ", "> ", "`", "**", "\n", "\n\n", "<", ">", "<img src=x onerror=y>", "&lt;"]
SIGNS += [
    "[a](",
    ")",
    "javascript:x",
    "JaVaScript&#58;x",
    "data:text/html,x",
    "http://x.y",
    "https://x.y",
    "mailto:a@b",
]
SIGNS += [
    "![",
    "]",
    "<script>",
    "</td>",
    "<https://x.y?a=1&b=2>",
    "|a|b|\n|-|-|\n|c|d|\n",
    '"',
    "style=",
    "[b]: x\n",
    "w",
]


class Elements(HTMLParser):
    """All elements of a page, with what they say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@settings(max_examples=150)
@given(some.lists(some.sampled_from(SIGNS), max_size=25).map("".join))
def test_whatever_is_typed_no_element_can_run_load_or_lead_astray(text: str) -> None:
    elements = Elements(as_html(text)).found

    assert {tag for tag, _said in elements} <= ALLOWED
    assert {name for _tag, said in elements for name in said} <= {"href", "rel", "start", "scope"}
    assert all((said.get("href") or "https:").startswith(("https:", "mailto:")) for _tag, said in elements)
    levels = [int(tag[1]) for tag, _said in elements if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in zip([2, *levels], levels, strict=False)), "a level is skipped"


def test_markdown_becomes_headings_lists_tables_and_safe_links() -> None:
    made = as_html("#### One\n\n## Two\n\n**b** [l](https://x.y) [no](http://x.y)\n\n|a|\n|-|\n|c|\n\n3. x", heading=2)

    assert made.startswith("<h2>One</h2>\n<h2>Two</h2>")
    assert '<strong>b</strong> <a href="https://x.y" rel="noopener noreferrer">l</a> [no](http://x.y)' in made
    assert '<th scope="col">a</th>' in made
    assert '<ol start="3">' in made
    assert as_html("") == ""


def question(code: str, core: bool = False, n: int | None = 12, by: tuple[str, ...] = ("role", "sector")) -> Any:
    return {
        "code": code, "core": core, "n": n, "section": "Content", "type": "matrix" if "." in code else "scale",
        "text": f"{code}?", "question": "Matrix?", "breakdowns": [{"by": one} for one in by],
    }  # fmt: skip


WHOLE: dict[str, Any] = {
    "event": {"code": "WP1873v"},
    "response": {"answered": 18},
    "turnout": {"asked": 25},
    "questions": [question("overall", core=True), question("rows.a"), question("rows.b"), question("few", True, None)],
    "comments": [
        {"question": "improve", "text": "Improve?", "released": ["More time"]},
        {"question": "overall.comment", "text": "Why?", "released": ["Because", "So"]},
    ],
    "followup": {
        "title": "Six months later",
        "response": {"answered": 9},
        "questions": [question("overall"), question("used")],
        "comments": [{"question": "used", "text": "How?", "released": ["In training"]}],
    },
    "meetings_compared": [{"code": "overall"}, {"code": "rows.a"}],
    "comparison": [{"code": "overall"}],
    "actions": {"total": 12, "owners": 9, "standing": [1], "examples": [1], "team": [1], "outcomes": [1],
                "breakdowns": [1], "completion": {}, "statuses": [1]},
    "reach": {"attendees": 25, "barriers": [{"code": "few"}, {"code": "rows.a"}]},
    "method": {"k": 5},
}  # fmt: skip


def within(part: Any, whole: Any) -> bool:
    """Whether all of `part` is in `whole`, in its place or, of lists, in their order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and within(one, whole[key]) for key, one in part.items())
    if isinstance(part, list):
        rest = iter(whole)
        return all(any(within(one, other) for other in rest) for one in part)
    return part is None or bool(part == whole)


@settings(max_examples=60)
@given(
    some.sampled_from(EditionKind),
    some.none() | some.lists(some.sampled_from(SECTIONS), unique=True).map(tuple),
    some.frozensets(some.sampled_from(["overall", "rows", "improve", "used", "followup:used", "unknown"])),
)
def test_choosing_takes_away_and_adds_nothing_that_was_not_there(
    kind: EditionKind, sections: tuple[str, ...] | None, left_out: frozenset[str]
) -> None:
    made = chosen(WHOLE, kind, Composed(sections=sections, left_out=left_out, summary="Good.", next_steps="More."))
    rest = {key: value for key, value in made.items() if key not in ("sections", "text", "method")}

    assert within(rest, WHOLE)
    assert rest.keys() == WHOLE.keys() - {"method"}
    assert set(made["sections"]) <= set(possible(kind))
    assert made["text"]["summary"] == ("Good." if "summary" in made["sections"] else "")
    assert made["method"]["left_out"] == len(left_out & {"overall", "rows", "improve", "followup:used"})


def test_what_is_not_chosen_is_not_in_the_document() -> None:
    usual = chosen(WHOLE, EditionKind.PARTNER, Composed())
    assert {key: usual[key] for key in WHOLE.keys() - {"method"}} == {
        key: WHOLE[key] for key in WHOLE.keys() - {"method"}
    }

    summary = chosen(WHOLE, EditionKind.SUMMARY, Composed(sections=SECTIONS))
    assert summary["sections"] == ["summary", "key_figures", "findings", "recommendations"]
    shown = [(one["code"], one["breakdowns"]) for one in summary["questions"]]
    assert shown == [("overall", []), ("rows.a", []), ("rows.b", [])], "core ones and scales, where they have figures"
    assert [summary["actions"][key] for key in ("total", "statuses", "examples", "completion")] == [12, [1], [], None]
    empty = ("turnout", "meetings_compared", "comparison", "followup", "reach")
    assert [summary[key] for key in (*empty, "comments")] == [None] * 5 + [[]]
    assert summary["response"] == WHOLE["response"]

    roles = chosen(WHOLE, EditionKind.PARTNER, Composed(sections=("roles",)))
    assert [one["code"] for one in roles["questions"]] == ["overall", "rows.a", "rows.b", "few"]
    assert {group["by"] for one in roles["questions"] for group in one["breakdowns"]} == {"role"}
    assert (roles["response"], roles["actions"]) == (None, None)

    left = frozenset({"rows", "overall", "followup:used"})
    some_left = chosen(WHOLE, EditionKind.PARTNER, Composed(left_out=left))
    assert [one["code"] for one in some_left["questions"]] == ["few"]
    assert [one["question"] for one in some_left["comments"]] == ["improve"]
    assert [one["code"] for one in some_left["followup"]["questions"]] == ["overall"]
    assert some_left["reach"]["barriers"] == [{"code": "few"}]
    assert some_left["followup"]["comments"] == some_left["meetings_compared"] == some_left["comparison"] == []


def test_questions_are_offered_in_one_piece_with_their_rows_and_comments() -> None:
    found = offered.chapters(WHOLE, "In their own words")

    assert [(chapter.title, [choice.code for choice in chapter.choices]) for chapter in found] == [
        ("Content", ["overall", "rows", "few"]),
        ("In their own words", ["improve"]),
        ("Six months later: Content", ["followup:overall", "followup:used"]),
    ]
    whole, rows, few = found[0].choices
    assert (whole.answered, whole.remarks, rows.text, rows.answered, few.answered) == (12, 2, "Matrix?", 12, None)


def form(**values: object) -> MultiDict[str, str]:
    usual: dict[str, object] = {"section": list(sections_of(EditionKind.PARTNER)), "examples": "all", "paper": "a4"}
    return MultiDict({**usual, **values})  # type: ignore[arg-type]


def test_what_the_form_says_is_read_and_what_it_did_not_offer_stays() -> None:
    action = UUID(int=7)
    saved = Composed(language="fr", left_out=frozenset({"old", "gone"}), breakdown="sector")
    sent = form(
        revision="3", offered=["gone", "new", "kept"], question=["gone", "kept"], examples="some",
        action=[str(action), "x"], breakdown="meeting", paper="letter", summary=" One\r\ntwo \r\n",
    )  # fmt: skip
    read = typing.read(sent, EditionKind.PARTNER, saved)

    assert not read.errors
    assert read.revision == 3
    assert read.composed == Composed(
        language="fr", paper=Paper.LETTER, sections=None, left_out=frozenset({"old", "new"}),
        actions=frozenset({action}), breakdown="meeting", summary="One\ntwo",
    )  # fmt: skip
    fewer = typing.read(form(section=["findings", "event", "nonsense"]), EditionKind.PARTNER, saved)
    assert fewer.composed.sections == ("findings", "event")
    assert fewer.composed.actions is None


@pytest.mark.parametrize(
    ("kind", "values", "where"),
    [
        (EditionKind.PARTNER, {"section": []}, "sections"),
        (EditionKind.PARTNER, {"findings": "x" * 20_001}, "findings"),
        (EditionKind.SUMMARY, {"summary": "A few words. " * 70, "findings": "A few words. " * 300}, "findings"),
        (EditionKind.SUMMARY, {"recommendations": "- A point.\n" * 60}, "recommendations"),
    ],
)
def test_what_cannot_be_kept_says_why_and_is_still_there(kind: EditionKind, values: dict[str, Any], where: str) -> None:
    read = typing.read(form(**values), kind, Composed())

    assert list(read.errors) == [where]
    assert [read.texts[name] for name in TEXTS if name in values] == [
        values[name].strip() for name in TEXTS if name in values
    ]


def test_texts_of_another_edition_fill_what_is_empty_and_nothing_else() -> None:
    mine = typing.Typed(Composed(language="fr", findings="À moi"), 4)
    theirs = Composed(summary="Theirs", findings="Theirs", next_steps="Theirs", paper=Paper.LETTER)
    filled, taken = typing.with_texts_of(mine, EditionKind.SUMMARY, theirs)

    assert taken == ["summary"]
    assert filled.composed == Composed(language="fr", summary="Theirs", findings="À moi")
    assert filled.revision == 4


def test_a_writer_is_told_what_is_not_printed_as_it_was_meant() -> None:
    text = "[one](https://x.y) [two](http://x.y) [three](www.x.y) [four](mailto:a@x.y) ![five](https://x.y)"
    said = " ".join(typing.not_printed(text))

    assert [part in said for part in ("“http://x.y”", "“www.x.y”", "Images", "https://x.y")] == [
        True,
        True,
        True,
        False,
    ]
    assert typing.not_printed("A plain sentence (see [1]).") == []


def kinds(problem: str = "", **written: bool) -> list[Kind]:
    """All kinds; `written` are those of which something is, and whether it is published."""
    return [
        Kind(
            kind,
            problem if kind is not EditionKind.INTERNAL else "",
            (Composition(kind=kind, language="en", summary="x", **dict.fromkeys(TEXTS[1:], "")),)
            if kind.value in written
            else (),
            (object(),) if written.get(kind.value) else (),  # type: ignore[arg-type]
        )
        for kind in EditionKind
    ]


def test_the_next_steps_begin_with_what_was_taken_back_and_end_with_what_must_wait() -> None:
    def said(*args: Any) -> list[tuple[str, str]]:
        return [(step.what, step.kind.value if step.kind else "") for step in overview.steps(*args)]

    everything = kinds(partner=True, summary=False)
    assert said(everything, 3, {EditionKind.PARTNER}) == [
        ("correct", "partner"), ("review", ""), ("publish", "summary"), ("write", "respondents"),
    ]  # fmt: skip
    untold = [Edition(kind=EditionKind.PARTNER), Edition(kind=EditionKind.SUMMARY)]
    assert said(kinds(partner=True, summary=True, respondents=True), 0, {EditionKind.PARTNER}, untold) == [
        ("correct", "partner"), ("tell", "summary"),
    ]  # fmt: skip
    assert said(kinds(partner=True, summary=True, respondents=True), 0, set()) == []
    assert said(kinds("still open"), 0, set()) == [("wait_for_others", "")]
    closed = [Kind(kind, "no survey is closed", (), ()) for kind in EditionKind]
    assert said(closed, 0, set()) == [("wait", "")]
