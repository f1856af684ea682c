"""Reads the result tables of an event's closed surveys, and puts together what was asked of several roles alike.

Each wave stands for itself: what was asked right after the event and what was asked months later are never added up.
Nothing here reads an answer: the cost does not grow with the number of responses.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande.events.models import Event
from mande.reports import wording
from mande.reports.answers.entries import ROLES
from mande.reports.answers.entries import Asked
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Group
from mande.reports.answers.entries import Table
from mande.reports.answers.entries import placed
from mande.reports.spoken import language as language_spoken
from mande.reports.turnout import reading as turnout
from mande.reports.turnout.reading import Counted
from mande.reports.turnout.reading import Part
from mande.surveys.answering.responding import placeholder_values
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.audience import Audience
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Item
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import Section
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.definition import spoken
from mande.surveys.questionnaires.questions import UNRANKED
from mande.surveys.versions import of_event


@dataclass(frozen=True)
class Remarks:
    """The free texts under one code: how many people wrote one, and those that were released.

    `audiences` are those of the question that they belong to, as in `Entry`.
    """

    code: str
    text: str
    answered: int
    released: tuple[str, ...]
    audiences: Mapping[UUID, Audience | None]


@dataclass(frozen=True)
class Figures:
    """All that the questionnaires of one wave came to; `turnout` is who took part in them."""

    wave: Wave
    surveys: tuple[Survey, ...]
    entries: tuple[Entry, ...]
    remarks: tuple[Remarks, ...]
    turnout: Counted

    @property
    def closed(self) -> list[Survey]:
        return [survey for survey in self.surveys if survey.state is SurveyState.CLOSED]


Lots = Callable[[Sequence[Survey]], Sequence[Sequence[Survey]]]
"""Which surveys of a wave may be added up."""


def read(session: Session, event: Event, internal: bool, lots: Lots = lambda surveys: [surveys]) -> list[Figures]:
    """The figures of the event's closed surveys by wave, the event's own first (it is always there).

    Questions meant for the team alone come only if `internal`. Only surveys of one lot are added up.
    """
    found = session.scalars(
        select(Survey).where(Survey.event_id == event.id).options(joinedload(Survey.questionnaire))
    ).all()
    surveys = sorted(found, key=lambda s: (ROLES.index(s.role), s.questionnaire.code, s.questionnaire.version))
    waves = [(wave, [survey for survey in surveys if survey.wave is wave]) for wave in Wave]
    return [_figures(session, wave, its, internal, lots) for wave, its in waves if its or wave is Wave.EVENT]


def _figures(session: Session, wave: Wave, surveys: Sequence[Survey], internal: bool, lots: Lots) -> Figures:
    closed = [survey for survey in surveys if survey.state is SurveyState.CLOSED]
    counted = turnout.read(session, closed)
    read = [[_Read(session, survey, counted.get(survey.id, ())) for survey in lot] for lot in lots(closed)]
    return Figures(
        wave,
        tuple(surveys),
        tuple(entry for number, lot in enumerate(read) for entry in _entries(lot, internal, number)),
        tuple(remarks for lot in read for remarks in _remarks(session, lot, internal)),
        counted,
    )


def as_read(survey: Survey, codes: Iterable[str] = ()) -> Definition:
    """The questionnaire of a survey as people have read it, repeated sections once for each meeting; see `of_event`."""
    whole = of_event(survey, codes)
    return spoken(whole, {language: placeholder_values(survey.event, language) for language in whole.languages})


def title(survey: Survey, language: str) -> str:
    """What the questionnaire of a survey is called."""
    return say(as_read(survey).title, language)


class _Read:
    """A closed survey with its tables by item, and its definition as people have read it."""

    def __init__(self, session: Session, survey: Survey, took_part: Sequence[Part] = ()) -> None:
        self.survey = survey
        self.took_part = took_part
        self.results = _results(session, survey)
        self.definition = as_read(survey, self.results)
        self.partly = audience.partly_asked(self.definition)

    def questions(self, internal: bool) -> Iterator[tuple[Section, Question]]:
        for section in self.definition.sections:
            for question in section.questions:
                if internal or not question.internal:
                    yield section, question

    @property
    def invited(self) -> int | None:
        """None where nobody knows, or where more have answered, on sheets of paper, than were invited."""
        invited = self.survey.invited
        return None if invited is None or invited < self.survey.responses else invited


def _entries(surveys: Sequence[_Read], internal: bool, lot: int) -> tuple[Entry, ...]:
    """What is comparable under one code becomes one entry."""
    entries: dict[tuple[object, ...], Entry] = {}
    sources: dict[tuple[object, ...], list[_Read]] = {}
    for read in surveys:
        for section, question in read.questions(internal):
            for item in _items(question):
                counted_under = (coding.codes(item, ()), question.codes, question.other)
                key = (item.code, question.type, *counted_under)
                entry = entries.setdefault(key, Entry(item, section, read.definition.languages[0], apart=lot))
                if read.survey.role not in entry.asked_of:
                    entry.asked_of.append(read.survey.role)
                entry.audiences[read.survey.id] = read.partly.get(question.code)
                sources.setdefault(key, []).append(read)
    for known, entry in entries.items():
        found = [(read, counted) for read in sources[known] if (counted := _counted(read, entry.item))]
        entry.options = _options(entry.item, [row.option for _read, counted in found for row in counted[0].counts])
        entry.asked = [_asked(read, entry, counted) for read, counted in found]
    return tuple(entries.values())


def _items(question: Question) -> list[Item]:
    """The items that are entries of their own: a ranking is one, not one for each option."""
    if question.type is QuestionType.RANKING:
        return [Item(question.code, question, None)]
    return list(question.items())


def _options(item: Item, found: Sequence[str]) -> tuple[str, ...]:
    """The codes that are counted, in order; `found` are those that occur."""
    if item.question.type is QuestionType.RANKING:
        return item.question.codes
    options = coding.codes(item, set(found))
    return (*options, OTHER) if item.question.other else options


def _results(session: Session, survey: Survey) -> dict[str, list[Result]]:
    rows = session.scalars(
        select(Result)
        .where(Result.survey_id == survey.id)
        .options(selectinload(Result.counts))
        .order_by(Result.question, Result.stratum, Result.members)
    )
    results: dict[str, list[Result]] = {}
    for row in rows:
        results.setdefault(row.question, []).append(row)
    return results


def _counted(read: _Read, item: Item) -> list[Result]:
    """The tables of an item, that of the whole survey first; nothing where there is none that may be shown.

    Of a ranking they are those of all options, one after the other.
    """
    codes = [item.code]
    if item.question.type is QuestionType.RANKING:
        codes = [part.code for part in item.question.items()]
    results = [result for code in codes for result in read.results.get(code, ())]
    whole = [result for result in results if not result.stratum]
    if len(whole) < len(codes) or any(result.n < read.survey.k for result in whole):
        return []
    return [*whole, *(result for result in results if result.stratum)]


def _asked(read: _Read, entry: Entry, results: Sequence[Result]) -> Asked:
    ranked = entry.item.question.type is QuestionType.RANKING
    meeting = audience.meeting(entry.item.code)
    by_group: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        by_group.setdefault((result.stratum, result.members), []).append(result)
    tables = {
        group: _ranked(entry, found) if ranked else _table(found[0], entry.options) for group, found in by_group.items()
    }
    whole = tables.pop(("", ""))
    return Asked(
        survey=read.survey.id,
        role=read.survey.role,
        invited=read.invited,
        strata=tuple(read.survey.strata),
        whole=whole,
        groups=tuple(_group(read, stratum, members.split(), table) for (stratum, members), table in tables.items()),
        at_meeting=turnout.asked_at(read.took_part, meeting) if meeting else None,
        ranks=tuple(_ranks(entry.item.question, result) for result in by_group["", ""]) if ranked else (),
    )


def _group(read: _Read, stratum: str, members: Sequence[str], table: Table) -> Group:
    return Group(stratum, tuple(members), table, turnout.asked_in(read.took_part, stratum, members))


def _table(result: Result, options: tuple[str, ...]) -> Table:
    counts = {row.option: row.count for row in result.counts}
    return Table(result.n, result.missing, result.not_applicable, tuple(counts.get(option, 0) for option in options))


def _ranked(entry: Entry, results: Sequence[Result]) -> Table:
    """How many ranked each option among the first. `results` are those of the options, in any order."""
    question = entry.item.question
    counts = {result.question: sum(_ranks(question, result)[: placed(question)]) for result in results}
    one = results[0]
    placings = tuple(counts[part.code] for part in question.items())
    return Table(one.n, one.missing, one.not_applicable, placings)


def _ranks(question: Question, result: Result) -> tuple[int, ...]:
    counts = {row.option: row.count for row in result.counts}
    return tuple(counts.get(rank, 0) for rank in (*question.ranks, UNRANKED))


def _remarks(session: Session, surveys: Sequence[_Read], internal: bool) -> tuple[Remarks, ...]:
    comments = session.scalars(
        select(Comment).where(Comment.survey_id.in_([read.survey.id for read in surveys])).order_by(Comment.id)
    ).all()
    texts: dict[str, str] = {}
    audiences: dict[str, dict[UUID, Audience | None]] = {}
    for read in surveys:
        for code, question in answering.text_codes(read.definition).items():
            if internal or not question.internal:
                text = say(question.text, language_spoken())
                texts.setdefault(code, wording.beside(code.removeprefix(question.code), text))
                audiences.setdefault(code, {})[read.survey.id] = read.partly.get(question.code)
    written: dict[str, list[Comment]] = {}
    for comment in comments:
        written.setdefault(comment.question, []).append(comment)
    return tuple(
        Remarks(
            code,
            text,
            len(written[code]),
            tuple(one.released_text or "" for one in written[code] if one.state is CommentState.RELEASED),
            audiences[code],
        )
        for code, text in texts.items()
        if code in written
    )
