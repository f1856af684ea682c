"""The questions that many events were asked alike: what they came to, in all and by period, against their targets."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.reports.answers import figures
from mande.reports.kinds import Measure
from mande.reports.models import Score
from mande.reports.models import Target
from mande.reports.portfolio import pooling
from mande.reports.portfolio import reading
from mande.reports.portfolio import scoring
from mande.reports.portfolio import targets
from mande.reports.portfolio.periods import Period
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.reading import Scored
from mande.reports.portfolio.reading import Summed
from mande.reports.portfolio.reading import Wanted
from mande.reports.portfolio.scores import WHOLE
from mande.surveys.models import Survey
from mande.surveys.models import Wave
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import say


@dataclass(frozen=True)
class Asked:
    """A question as events were asked it last. `text` is that of a row of a matrix, `above` what stands over it."""

    comparable: str
    code: str
    kind: QuestionType
    options: tuple[str, ...]
    wave: Wave
    text: str
    above: str
    section: str
    criterion: str | None
    level: str | None

    @property
    def points(self) -> int:
        return len(self.options)

    @property
    def scale(self) -> tuple[int, int]:
        return scoring.values(self.kind, self.options).scale


@dataclass(frozen=True)
class Line:
    """A question of the portfolio. `gap` is how far the figure that its target is for lies above it."""

    asked: Asked
    pool: Pool
    by_period: Mapping[Period, Pool]
    target: Target | None

    @property
    def gap(self) -> float | None:
        if self.target is None:
            return None
        value = self.pool.mean if self.target.measure is Measure.MEAN else self.pool.favourable
        return None if value is None else value - self.target.value


def lines(
    session: Session,
    when: Mapping[UUID, Period],
    wanted: Mapping[targets.Key, Target],
    only: Sequence[str] | None = None,
    language: str = "en",
) -> list[Line]:
    """The questions that the events of `when` were asked, those that most of them were asked first; of the comparable
    ones `only`, if these are given. For the team.
    """
    found: dict[str, list[Summed[Period]]] = {}
    for one in reading.sums(session, when, only):
        found.setdefault(one.comparable, []).append(one)
    latest = {comparable: max(sums, key=lambda one: one.group).survey for comparable, sums in found.items()}
    made = []
    for comparable, asked in described(session, latest, language).items():
        by_period = {
            one.group: pooling.exactly(asked.kind, asked.points, one.exact, one.n_events) for one in found[comparable]
        }
        exact = pooling.total(one.exact for one in found[comparable])
        pool = pooling.exactly(asked.kind, asked.points, exact, sum(one.n_events for one in found[comparable]))
        made.append(Line(asked, pool, by_period, _target(asked, wanted)))
    return _sorted(made)


def lines_for_all(
    session: Session,
    condition: Wanted,
    when: Mapping[UUID, Period],
    wanted: Mapping[targets.Key, Target],
    language: str,
) -> list[Line]:
    """The same for others than the team: from what public editions allow, and only what three events or more were
    asked, in a language.
    """
    found: dict[str, dict[Period, list[Scored]]] = {}
    for one in reading.scores(session, condition):
        if one.event in when and one.seen:
            found.setdefault(one.comparable, {}).setdefault(when[one.event], []).append(one)
    latest = {comparable: max(its.items())[1][0].survey for comparable, its in found.items()}
    made = []
    for comparable, asked in described(session, latest, language).items():
        every = _for_all(asked, [one for its in found[comparable].values() for one in its])
        by_period = {span: _for_all(asked, its) for span, its in found[comparable].items()}
        told = {span: pool for span, pool in by_period.items() if pool}
        if every:
            made.append(Line(asked, every, told, _target(asked, wanted)))
    return _sorted(made)


def described(session: Session, surveys: Mapping[str, UUID], language: str = "en") -> dict[str, Asked]:
    """What comparable questions are, in the words of the survey that is given for each."""
    return {
        comparable: asked
        for comparable, (survey, code) in reading.asked_in(session, surveys).items()
        if (asked := _described(comparable, survey, code, language))
    }


def known(session: Session) -> list[Asked]:
    """All questions that have scores, in the words of one survey that asked each."""
    found = session.execute(
        select(Score.comparable, func.min(cast(Score.survey_id, String)))
        .where(Score.question != WHOLE)
        .group_by(Score.comparable)
    )
    surveys = {comparable: UUID(survey) for comparable, survey in found}
    return sorted(described(session, surveys).values(), key=lambda one: one.code)


def ordered(found: Sequence[Line], sort: str) -> list[Line]:
    """The lines in the order that `Chosen.sort` names; those without a figure come last."""
    name, falls = sort.removeprefix("-"), sort.startswith("-")

    def value(line: Line) -> str | float | None:
        match name:
            case "question":
                return line.asked.text.casefold()
            case "answers":
                return line.pool.n
            case "mean":
                return line.pool.mean_range[0] / line.asked.scale[1]
            case "favourable":
                return line.pool.favourable_range[0]
            case "gap":
                return line.gap
            case _:
                return line.pool.n_events

    known = [line for line in found if value(line) is not None]
    return [
        *sorted(known, key=value, reverse=falls),  # type: ignore[arg-type]
        *(line for line in found if value(line) is None),
    ]


def _described(comparable: str, survey: Survey, code: str, language: str) -> Asked | None:
    for section in figures.as_read(survey, [code]).sections:
        for question in section.questions:
            for item in question.items():
                if item.code == code and scoring.comparable(item, survey.wave.value) == comparable:
                    return _of_item(item, comparable, survey.wave, say(section.title, language), language)
    return None


def _of_item(item: Item, comparable: str, wave: Wave, section: str, language: str) -> Asked:
    question = item.question
    return Asked(
        comparable=comparable,
        code=scoring.code(item),
        kind=question.type,
        options=question.codes,
        wave=wave,
        text=item.say(language),
        above=say(question.text, language) if item.row else "",
        section=section,
        criterion=question.criterion,
        level=question.level,
    )


def _for_all(asked: Asked, scores: Iterable[Scored]) -> Pool | None:
    return pooling.openly(asked.kind, asked.points, (one.seen for one in scores if one.seen))


def _target(asked: Asked, wanted: Mapping[targets.Key, Target]) -> Target | None:
    return next((wanted[of, asked.code] for of in targets.OF_QUESTIONS if (of, asked.code) in wanted), None)


def _sorted(found: Sequence[Line]) -> list[Line]:
    return sorted(found, key=lambda line: (-line.pool.n_events, line.asked.wave is not Wave.EVENT, line.asked.code))
