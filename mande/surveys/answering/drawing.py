"""The respondent's pages as HTML. Each is drawn once for everybody in the same state, and filled in for each person."""

from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import g
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from markupsafe import escape

from mande.surveys.answering import forms
from mande.surveys.answering import paging
from mande.surveys.answering import patterns
from mande.surveys.answering import windows
from mande.surveys.answering import wording
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.forms import Prompt
from mande.surveys.answering.forms import Sheet
from mande.surveys.answering.paging import Page
from mande.surveys.answering.patterns import Marks
from mande.surveys.answering.patterns import Place
from mande.surveys.answering.receiving import Received
from mande.surveys.answering.responding import Visit
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.placeholders import NAME_MARK
from mande.web import settings

CHECKING = "check"
# What a page may say about the one before it: nothing else that stands in an address is heard.
NOTICES = ("saved", "withdrawn", "overtaken", "unasked", "nothing")
DRAWN: Place = ("", "drawn")

Values = Callable[[Marks], Mapping[str, Any]]


def section(visit: Visit, sheet: Sheet) -> str:
    """The page of a section, with the answers that are saved."""
    new = request.args.get("new") if request.args.get("new") in sheet.asked else None
    place = (sheet.route, sheet.number, sheet.position, sheet.total, sheet.asked, is_checking(), new)
    filled = patterns.answered(sheet.shown(visit.answers)) | {DRAWN: mark(visit, sheet)}
    return _filled(
        "section",
        visit,
        place,
        filled,
        lambda marks: {
            "sheet": sheet, "form": marks, "drawn": marks.leave(DRAWN), "checking": is_checking(), "new": new
        },
    )  # fmt: skip


def wrong_section(visit: Visit, received: Received, overtaken: bool) -> str:
    """The page of a section that came back with mistakes; all that was typed is on it."""
    values = {
        "sheet": received.sheet,
        "form": received.form,
        "drawn": mark(visit, received.sheet),
        "checking": is_checking(),
        "new": next(iter(received.more), None),
    }
    return _drawn("section", visit, values | ({"notice": "overtaken"} if overtaken else {}))


def mark(visit: Visit, sheet: Sheet) -> str:
    """The mark of what is stored of a page, by which a page that comes back is known to be up to date."""
    return windows.mark(sheet.codes, visit.answers)


def welcome(visit: Visit) -> str:
    """The first page: who asks, what becomes of the answers, and where to go on."""
    shown = pages(visit)
    progress, number = paging.progress(shown, visit.answers), paging.first_unfinished(shown, visit.answers)
    short, chosen = paging.has_short_route(visit.definition), route(visit)
    lines = wording.stratum_lines(visit.strata, visit.invitation.survey.event, visit.sector)
    filled: dict[Place, str] = {("", f"stratum {name}"): escape(value) for name, value in lines}
    return _filled(
        "welcome",
        visit,
        (tuple(name for name, _value in lines), progress, number, short, chosen, settings().legal_basis),
        filled,
        lambda marks: {
            "strata": [(name, marks.leave(("", f"stratum {name}"))) for name, _value in lines],
            "progress": progress,
            "resume": resume(visit, marks.token),
            "short": short,
            "route": chosen,
            "legal_basis": settings().legal_basis,
        },
    )


def check(visit: Visit) -> str:
    """All answers, to be looked at before they are submitted."""
    return _reviewed("check", visit)


def answers(visit: Visit) -> str:
    """All answers, to be printed or kept."""
    return _reviewed("answers", visit)


def refused_check(visit: Visit, left: Mapping[str, int]) -> str:
    """The page of all answers where they cannot be submitted yet: `left` has the page of each question left out."""
    sheets = _sheets(visit)
    lines = {prompt.code: _lines(prompt, visit.answers) for prompt in _prompts(sheets)}
    return _drawn("check", visit, {"sheets": sheets, "lines": lines, "left": left, "refused": True})


def done(visit: Visit) -> str:
    """The confirmation."""
    longer = route(visit) == "short" and paging.has_short_route(visit.definition)
    return _filled("done", visit, longer, {}, lambda _marks: {"longer": longer})


def withdraw(visit: Visit) -> str:
    """The question whether all answers are to be deleted."""
    return _filled("withdraw", visit, None, {}, lambda _marks: {})


def notice(visit: Visit) -> str:
    """What is done with answers, at length."""
    basis = settings().legal_basis
    lines = wording.stratum_lines(visit.strata, visit.invitation.survey.event, visit.sector)
    names = tuple(name for name, _value in lines)
    return _filled("notice", visit, (names, basis), {}, lambda _marks: {"strata": names, "legal_basis": basis})


def pages(visit: Visit, wanted: Route | None = None) -> tuple[Page, ...]:
    """What this person is asked, given their answers so far."""
    return paging.pages(visit.definition, wanted or route(visit), visit.answers, visit.facts)


def route(visit: Visit) -> Route:
    return visit.response.route if visit.response else "full"


def resume(visit: Visit, token: str) -> str:
    """Where somebody goes on: the first page with a question left, or the review of all."""
    number = paging.first_unfinished(pages(visit), visit.answers)
    if number is None:
        return url_for("surveys.check", token=token)
    return url_for("surveys.section", token=token, number=number)


def is_checking() -> bool:
    """Whether somebody came to a section from the review of all answers."""
    return request.args.get("from") == CHECKING


def _reviewed(name: str, visit: Visit) -> str:
    sheets = _sheets(visit)
    filled: dict[Place, str] = {(prompt.code, None): _lines(prompt, visit.answers) for prompt in _prompts(sheets)}
    return _filled(
        name,
        visit,
        tuple((sheet.route, sheet.number, sheet.asked) for sheet in sheets),
        filled,
        lambda marks: {
            "sheets": sheets,
            "lines": {prompt.code: marks[prompt.code].data for prompt in _prompts(sheets)},
            "left": {},
            "refused": False,
        },
    )


def _sheets(visit: Visit) -> Sequence[Sheet]:
    return forms.sheets(visit.definition, pages(visit), route(visit), g.language)


def _prompts(sheets: Sequence[Sheet]) -> list[Prompt]:
    asked = [prompt for sheet in sheets for outer in sheet.prompts for prompt in (outer, *outer.rows, outer.remark)]
    return [prompt for prompt in asked if prompt]


def _lines(prompt: Prompt, answers: Mapping[str, Any]) -> Markup:
    """What was answered, one paragraph for each line of it. A comment comes with its name, where there is one."""
    lines = wording.answer_lines(prompt, answers)
    said = Markup("").join(Markup('<p class="answer" dir="auto">{}</p>').format(line) for line in lines)
    if prompt.is_remark:
        named = Markup('<dd class="row"><span>{}</span>{}</dd>').format(gettext("Your comment"), said)
        return named if lines else Markup("")
    return said if lines else Markup('<p class="answer quiet">{}</p>').format(gettext("No answer"))


def _filled(name: str, visit: Visit, key: Hashable, filled: Mapping[Place, str], values: Values) -> str:
    """The page `name`, from its pattern.

    Its key is all that a page shows: what `_shared` says, the notice, what `key` adds, and all that addresses depend
    on. What `values` makes of the marks may depend on nothing else.
    """
    survey, name_of = visit.invitation.survey, visit.invitation.attendance.person.name
    state = (visit.response is not None, visit.response is not None and visit.response.submitted, _notice())
    whole = (name, survey, visit.definition.digest, state, key, g.language, "chosen_language" in g, request.script_root)
    pattern = patterns.kept(
        whole,
        lambda marks: render_template(f"surveys/{name}.html", **_shared(visit, marks.token), **values(marks)),
        visit.token,
    )
    return pattern.fill({patterns.TOKEN: visit.token, patterns.NAME: patterns.written(name_of), **filled})


def _drawn(name: str, visit: Visit, values: Mapping[str, Any]) -> str:
    """The page `name`, drawn for this person alone."""
    page = render_template(f"surveys/{name}.html", **{**_shared(visit, visit.token), **values})
    return page.replace(NAME_MARK, patterns.written(visit.invitation.attendance.person.name))


def _shared(visit: Visit, token: str) -> dict[str, Any]:
    """What every page may show."""
    survey, definition = visit.invitation.survey, visit.definition
    return {
        "token": token,
        "definition": definition,
        "title": say(definition.title, g.language),
        "intro": say(definition.intro, g.language),
        "languages": definition.languages,
        "survey": survey,
        "event": survey.event,
        "started": visit.response is not None,
        "submitted": visit.response is not None and visit.response.submitted,
        "notice": _notice(),
    }


def _notice() -> str | None:
    found = request.args.get("notice")
    return found if found in NOTICES else None
