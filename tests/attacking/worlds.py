"""Events made at random, and what is published of them over time."""

import json
import random
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import nullcontext
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from unittest import mock
from uuid import UUID

from mande.events.kinds import Role
from mande.events.kinds import Wave
from mande.reports import disclosure
from mande.reports.answers import lists
from mande.reports.answers.entries import Asked
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Group
from mande.reports.answers.entries import Table
from mande.reports.answers.questions import question
from mande.reports.history.basis import basis_of
from mande.reports.history.check import Check
from mande.reports.history.marks import Marks
from mande.reports.history.past import Past
from mande.reports.history.past import Published
from mande.reports.kinds import Level
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.results import counting

Said = dict[str, Any]
STRATA = ("meeting", "sector", "meeting*sector")
NAMES: Mapping[str, Mapping[str, str]] = {"meeting": {}, "sector": {}}
QUESTIONS: tuple[Said, ...] = (
    {"type": "scale", "options": [{"code": str(i), "label": f"Step {i}"} for i in range(1, 6)]},
    {"type": "single", "options": [{"code": code, "label": code.upper()} for code in "abcd"]},
    {"type": "multiple", "options": [{"code": code, "label": code.upper()} for code in "uvw"]},
    {"type": "yes_no"},
    {"type": "rating", "options": [{"code": str(i), "label": str(i)} for i in range(11)]},
    {"type": "country"},
)


@dataclass(frozen=True)
class Response:
    """What one person answered, and the groups that they belong to."""

    strata: Mapping[str, str]
    answers: Answers


@dataclass(frozen=True)
class Asking:
    """A closed survey: who answered what, and what was counted of it."""

    id: UUID
    role: Role
    definition: Definition
    responses: tuple[Response, ...]
    k: int
    wave: Wave = Wave.EVENT

    def tables(self) -> list[counting.Table]:
        strata, answers = [one.strata for one in self.responses], [one.answers for one in self.responses]
        return list(counting.count(self.definition, answers, strata, STRATA, self.k).tables)


@dataclass(frozen=True)
class Wish:
    """What staff chose for an edition, and which program made it."""

    k: int
    breakdown: str | None = None
    left_out: frozenset[str] = frozenset()
    surveys: int = 1
    otherwise: bool = False


@dataclass
class World:
    """An event with its surveys, and the editions that were published of it, as their readers have them.

    `lots` tells of each edition which surveys it adds up: readers have that from its method annex.
    """

    surveys: list[Asking]
    wishes: list[Wish]
    editions: list[Said] = field(default_factory=list)
    lots: list[dict[UUID, int]] = field(default_factory=list)
    past: Past = field(default_factory=lambda: Past(salt="salt"))

    @property
    def k(self) -> int:
        return self.wishes[0].k

    def publish_all(self, remembering: bool = True) -> "World":
        """Publishes every edition; without remembering as if each were the first."""
        for number, wish in enumerate(self.wishes, 1):
            known = self.past if remembering else Past(salt="salt")
            with another_program() if wish.otherwise else nullcontext():
                said = document(self.surveys[: wish.surveys], wish, known)
            self.editions.append(said)
            self.lots.append({one.id: known.lot("event", one.id) for one in self.surveys[: wish.surveys]})
            surveys = {"event": [one.id for one in self.surveys[: wish.surveys]]}
            kept = json.loads(json.dumps(basis_of(said, surveys, Marks(), "salt")))
            made = Published("public", "public", "en", number, "2021-06-09", "", kept)
            self.past = Past((*self.past.editions, made), "salt")
        return self


def document(surveys: Sequence[Asking], wish: Wish, past: Past) -> Said:
    """The part of a document that tells what was answered, made as `reports.document` makes it."""
    check = Check(past, Level.PUBLIC, "en")
    lots = check.lots(surveys)  # type: ignore[arg-type]
    entries = [entry for number, lot in enumerate(lots) for entry in _entries(lot, number)]
    k = check.promise(max(wish.k, *(one.k for one in surveys)))
    publishable = check.publishable("event", entries)
    said = [
        check.question(
            "event",
            one,
            question(one, False, k, "en", NAMES, publishable.allows_entry(one),
                     check.stratum("event", one, wish.breakdown)),
        )
        for one in entries
    ]  # fmt: skip
    return {
        "questions": [one for one in said if one["code"] not in wish.left_out],
        "followup": None,
        "method": {"k": k},
        "history": check.section(),
    }


def another_program() -> AbstractContextManager[Any]:
    """A later version of the program, which merges options otherwise, and none to one or two people either."""

    def last_step(counts: disclosure.Counts) -> Any:
        for step in reversed(disclosure._steps(len(counts))):
            sums = [sum(counts[i] for i in part) for part in step.parts]
            if len(list(filter(None, sums))) > 1 and all(map(disclosure.is_safe_count, sums)):
                return step
        return None

    stack = mock.patch.multiple(disclosure, _first_step=last_step, ordered=disclosure.ordered.__wrapped__)
    thresholds = mock.patch.object(lists, "THRESHOLDS", (5, 8, 15))
    return _Both(stack, thresholds)


class _Both(AbstractContextManager[None]):
    def __init__(self, *patches: AbstractContextManager[Any]) -> None:
        self.patches = patches

    def __enter__(self) -> None:
        for one in self.patches:
            one.__enter__()
        lists._accepts.cache_clear()

    def __exit__(self, *error: object) -> None:
        for one in self.patches:
            one.__exit__(*error)  # type: ignore[arg-type]
        lists._accepts.cache_clear()


def world(seed: int) -> World:
    """An event with one to three surveys and two to four editions."""
    chance = random.Random(seed)
    k = chance.choice((3, 4, 5))
    definition = _questionnaire(chance.sample(QUESTIONS, 2))
    roles = [Role.PARTICIPANT, chance.choice((Role.SPEAKER, Role.PARTICIPANT)), Role.PARTNER]
    surveys = [
        Asking(UUID(int=number), role, definition, _responses(chance, definition, k), k)
        for number, role in enumerate(roles[: chance.choice((1, 1, 2, 3))], 1)
    ]
    first = chance.randint(1, len(surveys))
    wishes = [Wish(k, chance.choice((None, *STRATA)), _some(chance), first)]
    for _ in range(chance.randint(1, 3)):
        last = wishes[-1]
        wishes.append(
            Wish(
                k=min(10, last.k + chance.choice((0, 0, 0, 1, 3))),
                breakdown=chance.choice((None, *STRATA)),
                left_out=_some(chance),
                surveys=chance.randint(last.surveys, len(surveys)),
                otherwise=chance.random() < 0.3,
            )
        )
    return World(surveys, wishes)


def _some(chance: random.Random) -> frozenset[str]:
    return frozenset(code for code in ("q1", "q2") if chance.random() < 0.15)


def _questionnaire(chosen: Sequence[Said]) -> Definition:
    asked = [{"code": f"q{i}", "text": "Question?", "core": True, **one} for i, one in enumerate(chosen, 1)]
    return definitions.parse(
        {
            "code": "attacked", "version": 1, "role": "participant", "languages": ["en"], "minutes": 1,
            "title": "Q", "strata": [], "sections": [{"code": "all", "title": "All", "questions": asked}],
        }
    )  # fmt: skip


def _responses(chance: random.Random, definition: Definition, k: int) -> tuple[Response, ...]:
    """Answers of people with tastes in common, some of whom leave something blank."""
    blank = chance.choice((0.0, 0.1, 0.3))
    weights = {
        one.code: [chance.choice((0.0, 0.3, 1.0, 3.0)) + 0.02 for _ in _values(one.type, one.codes)]
        for one in definition.questions()
    }
    found = []
    for _ in range(chance.randint(k, chance.choice((12, 26, 45)))):
        meeting, sector = chance.choice(("one", "two", "all", "all")), chance.choice(("state", "state", "academia"))
        answers: Answers = {}
        for one in definition.questions():
            if chance.random() >= blank:
                values = _values(one.type, one.codes)
                many = 1 if one.type is not QuestionType.MULTIPLE else chance.randint(1, 3)
                drawn = chance.choices(values, weights[one.code], k=many)
                answers[one.code] = sorted(set(drawn)) if one.type is QuestionType.MULTIPLE else drawn[0]
        strata = {"meeting": meeting, "sector": sector, "meeting*sector": f"{meeting}*{sector}"}
        found.append(Response(strata, answers))
    return tuple(found)


def _values(kind: QuestionType, codes: Sequence[str]) -> Sequence[str]:
    return ("NO", "CH", "KE", "GB") if kind is QuestionType.COUNTRY else codes


def _entries(surveys: Sequence[Asking], lot: int) -> list[Entry]:
    """What `reports.answers.figures` reads from the tables of these surveys."""
    found = []
    definition = surveys[0].definition
    tables = {one.id: one.tables() for one in surveys}
    for section in definition.sections:
        for asked in section.questions:
            (item,) = asked.items()
            mine = {one.id: [table for table in tables[one.id] if table.question == item.code] for one in surveys}
            occurring = {code for its in mine.values() for table in its for code in table.counts}
            entry = Entry(item, section, "en", coding.codes(item, occurring), apart=lot)
            entry.asked_of = list(dict.fromkeys(one.role for one in surveys))
            entry.audiences = dict.fromkeys(mine, None)
            entry.asked = [_asked(one, entry, mine[one.id]) for one in surveys if mine[one.id]]
            found.append(entry)
    return found


def _asked(survey: Asking, entry: Entry, tables: Sequence[counting.Table]) -> Asked:
    def counted(table: counting.Table) -> Table:
        counts = tuple(table.counts.get(option, 0) for option in entry.options)
        return Table(table.n, table.missing, table.not_applicable, counts)

    whole = next(table for table in tables if not table.stratum)
    groups = tuple(Group(one.stratum, one.members, counted(one)) for one in tables if one.stratum)
    return Asked(survey.id, survey.role, len(survey.responses), STRATA, counted(whole), groups)
