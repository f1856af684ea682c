"""Reads the result tables of an event's closed surveys, and puts together what was asked of several roles alike.

Nothing here reads an answer: the cost does not grow with the number of responses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande.events.kinds import Role
from mande.events.models import Event
from mande.surveys.answers import OTHER
from mande.surveys.definition import Definition
from mande.surveys.definition import Item
from mande.surveys.definition import Section
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.versions import definition_of

ROLES = tuple(Role)


@dataclass(frozen=True)
class Table:
    """How one group answered one item; `counts` in the order of the options."""

    n: int
    missing: int
    not_applicable: int
    counts: tuple[int, ...]

    def __add__(self, other: "Table") -> "Table":
        return Table(
            self.n + other.n,
            self.missing + other.missing,
            self.not_applicable + other.not_applicable,
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
        )


@dataclass(frozen=True)
class Group:
    """A stored breakdown's group: the values of the stratum that were merged, and its table."""

    stratum: str
    members: tuple[str, ...]
    table: Table


@dataclass(frozen=True)
class Asked:
    """One item in one survey that holds a table of it. `invited` is None where nobody knows how many were asked."""

    role: Role
    invited: int | None
    strata: tuple[str, ...]
    whole: Table
    groups: tuple[Group, ...] = ()


@dataclass
class Entry:
    """One item of the report: asked in one survey, or under the same code and options in several.

    `asked` holds only the surveys whose table exists; `asked_of` all roles whose survey had the item.
    """

    item: Item
    section: Section
    language: str
    options: tuple[str, ...]
    asked_of: list[Role] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def whole(self) -> Table | None:
        return _total([asked.whole for asked in self.asked])

    @property
    def population(self) -> int | None:
        """How many were asked in the surveys that the figures come from."""
        invited = [asked.invited for asked in self.asked]
        return sum(known for known in invited if known is not None) if None not in invited else None

    def by_role(self) -> dict[Role, Table]:
        """The table of each role that has one."""
        tables = {role: _total([a.whole for a in self.asked if a.role is role]) for role in ROLES}
        return {role: table for role, table in tables.items() if table is not None}


@dataclass(frozen=True)
class Remarks:
    """The free texts about one question: how many people wrote one, and those that were released."""

    code: str
    text: str
    answered: int
    released: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """All that the questionnaires of an event came to."""

    surveys: tuple[Survey, ...]
    entries: tuple[Entry, ...]
    remarks: tuple[Remarks, ...]

    @property
    def closed(self) -> list[Survey]:
        return [survey for survey in self.surveys if survey.state is SurveyState.CLOSED]


def read(session: Session, event: Event, internal: bool) -> Figures:
    """The figures of the event's closed surveys. Questions meant for the team alone come only if `internal`."""
    found = session.scalars(
        select(Survey).where(Survey.event_id == event.id).options(joinedload(Survey.questionnaire))
    ).all()
    surveys = tuple(sorted(found, key=lambda s: (ROLES.index(s.role), s.questionnaire.code, s.questionnaire.version)))
    closed = [survey for survey in surveys if survey.state is SurveyState.CLOSED]
    return Figures(surveys, _entries(session, closed, internal), _remarks(session, closed, internal))


def _entries(session: Session, surveys: Sequence[Survey], internal: bool) -> tuple[Entry, ...]:
    entries: dict[tuple[object, ...], Entry] = {}
    for survey in surveys:
        results = _results(session, survey)
        definition = definition_of(survey.questionnaire)
        for section, item in _items(definition, internal):
            options = (*item.question.codes, OTHER) if item.question.other else item.question.codes
            key = (item.code, item.question.type, options)
            entry = entries.setdefault(key, Entry(item, section, definition.languages[0], options))
            if survey.role not in entry.asked_of:
                entry.asked_of.append(survey.role)
            if asked := _asked(survey, results.get(item.code, []), options):
                entry.asked.append(asked)
    return tuple(entries.values())


def _items(definition: Definition, internal: bool) -> list[tuple[Section, Item]]:
    return [
        (section, item)
        for section in definition.sections
        for question in section.questions
        if internal or not question.internal
        for item in question.items()
    ]


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


def _asked(survey: Survey, results: Sequence[Result], options: tuple[str, ...]) -> Asked | None:
    whole = next((result for result in results if not result.stratum), None)
    if whole is None or whole.n < survey.k:
        return None
    groups = tuple(
        Group(result.stratum, tuple(result.members.split()), _table(result, options))
        for result in results
        if result.stratum
    )
    return Asked(survey.role, survey.invited, tuple(survey.strata), _table(whole, options), groups)


def _table(result: Result, options: tuple[str, ...]) -> Table:
    counts = {row.option: row.count for row in result.counts}
    return Table(result.n, result.missing, result.not_applicable, tuple(counts.get(option, 0) for option in options))


def _total(tables: Sequence[Table]) -> Table | None:
    if not tables:
        return None
    total = tables[0]
    for table in tables[1:]:
        total += table
    return total


def _remarks(session: Session, surveys: Sequence[Survey], internal: bool) -> tuple[Remarks, ...]:
    comments = session.scalars(
        select(Comment).where(Comment.survey_id.in_([survey.id for survey in surveys])).order_by(Comment.id)
    ).all()
    texts: dict[str, str] = {}
    for survey in surveys:
        definition = definition_of(survey.questionnaire)
        for question in definition.questions():
            if internal or not question.internal:
                said = question.text.get(definition.languages[0], "")
                texts.setdefault(question.code, said)
                texts.setdefault(f"{question.code}.{OTHER}", f"{said} (other)")
    return tuple(
        Remarks(
            code,
            text,
            sum(comment.question == code for comment in comments),
            tuple(
                comment.released_text or ""
                for comment in comments
                if comment.question == code and comment.state is CommentState.RELEASED
            ),
        )
        for code, text in texts.items()
        if any(comment.question == code for comment in comments)
    )
