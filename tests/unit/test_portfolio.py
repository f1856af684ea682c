"""What many events come to: sums that can be added up, periods, targets, and what others than the team may know."""

import itertools
import math
import statistics as reference
from datetime import date
from uuid import UUID
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as some

from mande.reports.answers.entries import Table
from mande.reports.kinds import Measure
from mande.reports.kinds import Paper
from mande.reports.portfolio import pooling
from mande.reports.portfolio import scoring
from mande.reports.portfolio import target_form
from mande.reports.portfolio.annual.document import merged
from mande.reports.portfolio.annual.openly import Spread
from mande.reports.portfolio.annual.openly import added
from mande.reports.portfolio.annual.wanted import Wanted
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.comparison import reached
from mande.reports.portfolio.periods import Step
from mande.reports.portfolio.periods import period
from mande.reports.portfolio.periods import periods
from mande.reports.portfolio.reading import Met
from mande.reports.portfolio.scoring import Exact
from mande.reports.portfolio.scoring import Seen
from mande.reports.portfolio.standing import Standing
from mande.reports.portfolio.standing import total
from mande.reports.reach.people import Tally
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Option
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Row

KINDS = {
    QuestionType.SCALE: tuple("12345"),
    QuestionType.RATING: tuple(str(number) for number in range(11)),
    QuestionType.YES_NO: ("yes", "no"),
}


def question(kind: QuestionType, code: str = "useful", **changes: object) -> Question:
    options = tuple(Option(one, {}) for one in KINDS[kind])
    return Question(code=code, type=kind, text={"en": code}, options=options, **changes)  # type: ignore[arg-type]


def table(counts: list[int]) -> Table:
    return Table(sum(counts), 0, 0, tuple(counts))


def tables(kind: QuestionType, most: int = 12) -> some.SearchStrategy[list[int]]:
    many = len(KINDS[kind])
    return some.lists(some.integers(0, most), min_size=many, max_size=many).filter(lambda one: sum(one) >= 5)


scales = tables(QuestionType.SCALE)


@given(some.lists(scales, min_size=1, max_size=4))
@settings(max_examples=60)
def test_scores_added_up_say_what_all_answers_together_say(events: list[list[int]]) -> None:
    answers = [value for counts in events for value, count in enumerate(counts, 1) for _ in range(count)]

    scores = [scoring.exact(question(QuestionType.SCALE), table(counts)) for counts in events]
    pool = pooling.of_events(QuestionType.SCALE, 5, scores)

    assert pool is not None
    assert pool.mean == pytest.approx(reference.fmean(answers))
    assert pool.sd == pytest.approx(reference.stdev(answers))
    assert pool.favourable == pytest.approx(sum(value > 3 for value in answers) / len(answers))
    assert pool.unfavourable == pytest.approx(sum(value < 3 for value in answers) / len(answers))
    assert (pool.n, pool.n_events) == (len(answers), len(events))


@pytest.mark.parametrize("kind", KINDS)
@given(some.data())
@settings(max_examples=40)
def test_what_the_public_may_know_of_a_question_holds_what_it_came_to(
    kind: QuestionType, data: some.DataObject
) -> None:
    counts = table(data.draw(tables(kind)))

    exact, seen = scoring.exact(question(kind), counts), scoring.seen(question(kind), counts, 5)

    assert seen.n == exact.n
    for name in ("total", "favourable", "unfavourable"):
        low, high = getattr(seen, name)
        assert low <= getattr(exact, name) <= high


def test_a_question_of_which_the_public_sees_nothing_adds_nothing_but_its_answers() -> None:
    seen = scoring.seen(question(QuestionType.SCALE), table([1, 1, 1, 1, 1]), 5)

    assert seen == Seen(5, (5, 25), (0, 5), (0, 5))


def test_yes_counts_one_and_no_nothing() -> None:
    assert scoring.exact(question(QuestionType.YES_NO), table([7, 3])) == Exact(10, 7, 7, 7, 3)


def test_a_rating_gives_a_net_promoter_score() -> None:
    counts = [0, 0, 0, 0, 0, 0, 2, 1, 1, 3, 3]

    pool = pooling.of_events(QuestionType.RATING, 11, [scoring.exact(question(QuestionType.RATING), table(counts))])

    assert pool is not None
    assert (pool.nps, pool.band) == (40.0, None)


def test_questions_are_compared_by_code_type_options_and_wave_and_not_by_wording_or_meeting() -> None:
    def of(code: str, wave: str = "event", kind: QuestionType = QuestionType.SCALE, **changes: object) -> str:
        return scoring.comparable(Item(code, question(kind, code, **changes), None), wave)

    row = Item("useful.talks", question(QuestionType.SCALE), Row("talks", {"en": "Talks"}))

    assert of("useful") == of("useful@part-one") == of("worth", comparable="useful") == of("useful", why="New")
    others = {of("useful", "followup"), of("useful", kind=QuestionType.YES_NO), of("other"), of("useful")}
    assert len(others | {scoring.comparable(row, "event")}) == 5
    assert scoring.code(row) == "useful.talks"


def test_a_question_that_takes_other_answers_is_not_scored() -> None:
    assert scoring.is_scored(question(QuestionType.SCALE))
    assert not scoring.is_scored(question(QuestionType.YES_NO, other=True))


seen = some.builds(
    lambda n, ends: Seen(n, (n * min(ends), n * max(ends)), (0, n), (0, 0)), some.integers(5, 40),
    some.tuples(some.integers(1, 5), some.integers(1, 5)),
)  # fmt: skip


@given(some.lists(seen, max_size=6))
def test_others_are_told_the_least_and_the_greatest_and_only_of_three_events_or_more(events: list[Seen]) -> None:
    pool = pooling.openly(QuestionType.SCALE, 5, events)

    assert (pool is None) == (len(events) < 3)
    if pool:
        low, high = pool.mean_range
        assert low == sum(one.total[0] for one in events) / pool.n
        assert high == sum(one.total[1] for one in events) / pool.n
        assert pool.sd is None
        assert pool.quartiles is None
        assert pool.mean is None or math.isclose(low, high) or round(low, 1) == round(high, 1) == round(pool.mean, 1)


def test_a_score_that_is_known_exactly_reads_the_same_for_everybody() -> None:
    counts = table([0, 3, 4, 10, 8])
    asked = question(QuestionType.SCALE)
    exact, known = scoring.exact(asked, counts), scoring.seen(asked, counts, 5)

    team = pooling.of_events(QuestionType.SCALE, 5, [exact] * 3)
    others = pooling.openly(QuestionType.SCALE, 5, [known] * 3)

    assert team is not None
    assert others is not None
    assert (others.mean, others.favourable, others.band) == (team.mean, team.favourable, team.band)
    assert team.quartiles is None


def test_from_five_events_on_the_team_sees_how_their_means_are_spread() -> None:
    scores = [Exact(10, 10 * mean, 0, 0, 0) for mean in (1, 2, 3, 4, 5)]

    assert pooling.of_events(QuestionType.SCALE, 5, scores).quartiles == (2, 3, 4)  # type: ignore[union-attr]


@given(some.lists(some.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1, max_size=8), some.sampled_from(Step))
@settings(max_examples=50)
def test_periods_follow_one_another_from_the_first_day_to_the_last(days: list[date], step: Step) -> None:
    found = periods(days, step)

    assert found[0] == period(min(days), step)
    assert found[-1] == period(max(days), step)
    assert all(one.following == other for one, other in itertools.pairwise(found))
    assert [one.label for one in found] == sorted(one.label for one in found)


def test_a_period_is_called_by_its_year_quarter_or_month() -> None:
    day = date(2021, 12, 31)

    assert [period(day, step).label for step in Step] == ["2021", "2021-Q4", "2021-12"]
    assert periods([], Step.MONTH) == []


def test_what_an_address_asks_for_is_read_and_written_back() -> None:
    chosen = Chosen.read({"since": "2023", "until": "2021", "programme": "P", "step": "quarter", "sort": "-gap"})

    assert (chosen.since, chosen.until) == ("2021", "2023")
    assert Chosen.read(chosen.asked()) == chosen
    assert chosen.holds(date(2022, 5, 1))
    assert not chosen.holds(date(2024, 1, 1))
    assert Chosen.read({"since": "²⁰²¹", "step": "day", "sort": "shoe size"}) == Chosen()
    assert Chosen().asked() == {}


def test_shares_are_of_those_who_are_known_and_of_nobody_unknown() -> None:
    one = Standing(events=1, asked=20, answered=10, actions=4, done=1, dropped=1, unheard=1, reach=Tally(women=3))
    other = Standing(events=1, asked=5, answered=5, reach=Tally(gender_known=6, women=0))

    whole = total([one, other])

    assert whole.shares()[Measure.RESPONSE] == 0.6
    assert whole.shares()[Measure.WOMEN] == 0.5
    assert whole.shares()[Measure.WOMEN_SPEAKING] is None
    assert whole.under_way == 1


@pytest.mark.parametrize(
    ("span", "value", "met"),
    [((4.2, 4.2), 4.2, True), ((4.195, 4.195), 4.2, True), ((4.1, 4.19), 4.2, False), ((4.1, 4.3), 4.2, None),
     (None, 4.2, None)],
)  # fmt: skip
def test_a_target_is_reached_only_where_what_is_known_settles_it(
    span: tuple[float, float] | None, value: float, met: bool | None
) -> None:
    assert reached(span, value) is met


def test_targets_are_typed_as_means_or_in_percent() -> None:
    def typed(**form: str) -> target_form.Typed:
        return target_form.read(form, ["Peace"])

    assert typed(measure="response", amount="70 %", question="x").value == 0.7
    assert typed(measure="response", amount="70 %", question="x").question == ""
    assert typed(measure="mean", amount="4,25", question="useful.talks", programme="Peace").value == 4.25
    assert set(typed(measure="mean", amount="11", question="Who?", programme="War").problems) == {
        "amount", "question", "programme",
    }  # fmt: skip
    assert set(typed(measure="shoes", amount="70").problems) == {"measure"}
    assert set(typed(measure="women", amount="101").problems) == {"amount"}
    assert set(typed(measure="women", amount="nan").problems) == {"amount"}
    assert [target_form.amount(*one) for one in ((Measure.MEAN, 4.25), (Measure.WOMEN, 0.285))] == ["4.25", "28.5"]


def test_a_years_report_is_asked_for_by_form_and_by_queue_alike() -> None:
    wanted = Wanted.read({"year": "2021", "level": "public", "language": "ar", "paper": "letter", "form": "xlsx"})

    assert wanted is not None
    assert Wanted.read(wanted.told()) == wanted
    assert (wanted.paper, wanted.file_name) == (Paper.LETTER, "annual-report-2021-public-ar.xlsx")
    assert (wanted.events.since, wanted.events.until) == ("2017", "2021")
    assert Wanted.read({"level": "public"}) is None
    assert Wanted.read({"year": "2021", "level": "partner", "language": "tlh"}) == Wanted(2021)


def test_a_share_is_told_to_everybody_only_of_three_events_and_where_something_is_known() -> None:
    assert added([Spread(3, 3, 10), Spread(5, 5, 10)]).share is None
    assert added([Spread(3, 3, 10), Spread(5, 5, 10), Spread(0, 10, 10)]).share == (8 / 30, 18 / 30)
    assert added([Spread(0, 10, 10)] * 3).share is None
    assert added([]).share is None


programmes = some.dictionaries(some.sampled_from(["", "a", "b", "c", "d"]), some.integers(1, 6), max_size=5)


@given(programmes)
def test_programmes_of_few_events_are_never_shown_alone_to_everybody(sizes: dict[str, int]) -> None:
    def event(name: str) -> Met:
        return Met(uuid4(), "", "", "", name, False, date(2021, 1, 1))

    found = merged({name: [event(name) for _ in range(many)] for name, many in sizes.items()})

    ids: list[UUID] = [one.id for its in found.values() for one in its]
    assert len(set(ids)) == len(ids) == sum(sizes.values())
    assert all(len(its) >= 3 for its in found.values()) or len(found) == 1
