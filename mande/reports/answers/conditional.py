"""Which questions that not everybody was asked partners and the public may see figures of. Pure.

How many answered a question that is asked only of some tells how many were asked it, at least: and these are those who
gave a certain answer before. So such a question is shown only where that number is no news:

- attendance alone decides (a meeting, a role, a way of taking part): the number tells of nobody's answer;
- one item decides, and what the same edition shows of it settles how many gave the answers that decide. It is then
  shown to the same people's surveys, and counted in the same ones, so that no role's part can be subtracted.

Where several things decide together, the number would be a cell of a table of two questions against each other, which
is made for nobody: such a question is left to the internal edition. So is one whose deciding question is not shown at
all, or in a form (a ranking, a text) that settles nothing. Whether a question is left out depends on nothing but what
is shown, so that leaving it out tells nothing. Blanks are never told of a question that not everybody was asked.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mande.reports.answers import lists
from mande.reports.answers import published
from mande.reports.answers.entries import Entry
from mande.reports.disclosure import Shown
from mande.reports.history import essence
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.audience import Answered
from mande.surveys.questionnaires.audience import Attendance
from mande.surveys.questionnaires.audience import Audience
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import QuestionType

NOBODY = Facts()

Said = dict[str, Any]

Audiences = Mapping[UUID, Audience | None]


class Publishable:
    """Decides for the questions of one wave. `entries` are all that the edition may show, `told` what earlier editions
    have told of an entry (see `history.essence`), whose form it then keeps.
    """

    def __init__(
        self, entries: Iterable[Entry], k: int, told: Callable[[Entry], Said | None] = lambda _entry: None
    ) -> None:
        self.k = k
        self.told = told
        self.entries: dict[tuple[UUID, str], Entry] = {}
        for entry in entries:
            self.entries |= {(survey, entry.item.code): entry for survey in entry.audiences}

    def allows(self, audiences: Audiences, counted: Collection[UUID] = ()) -> bool:
        """Whether figures may be shown of what has these audiences and is counted in these surveys; texts in none."""
        told = set(audiences.values())
        if told <= {None} or all(one is None or isinstance(one, Attendance) for one in told):
            return True
        only = told.pop()
        if told or not isinstance(only, Answered):
            return False
        deciding = {self.entries.get((survey, only.item)) for survey in audiences}
        found = deciding.pop()
        if deciding or found is None or found.audiences.keys() != audiences.keys():
            return False
        of_same = not counted or {asked.survey for asked in found.asked} == set(counted)
        return of_same and self.allows_entry(found) and self._settles(found, only.condition)

    def allows_entry(self, entry: Entry) -> bool:
        return self.allows(entry.audiences, {asked.survey for asked in entry.asked})

    def _settles(self, entry: Entry, condition: Condition) -> bool:
        """Whether what is shown of the deciding question settles to how many people the condition applies."""
        question, code, whole = entry.item.question, entry.item.code, entry.whole
        if whole is None or question.type is QuestionType.RANKING:
            return False

        def applies(*values: str) -> bool:
            return conditions.holds(condition, {code: list(values)}, NOBODY)

        told = self.told(entry)
        openly = published.tells_blanks_apart(whole) and not entry.partly_asked
        if told:
            openly = told["blanks"] != [None, None]
        if question.not_applicable and not openly and applies(NOT_APPLICABLE) != applies():
            return False
        named = audience.options_named(condition) - {NOT_APPLICABLE}
        if question.type is QuestionType.MULTIPLE:
            placings = essence.placings(told) if told else lists.multiple(whole.counts, whole.n)
            shown = dict(zip(entry.options, placings, strict=False))
            return len(named) < 2 and all(isinstance(shown.get(option), int) for option in named)
        form = essence.shown(told, entry.options) if told else published.single(question.type, whole, self.k)
        if question.type in published.UNLISTED and not named <= _alone(entry, form):
            return False
        applied = [{applies(value) for value in _probes(entry, option, condition)} for option in entry.options]
        if set().union(*applied) in ({True}, {False}):
            return True
        least, most = form.span([i for i, found in enumerate(applied) if found == {True}])
        return least == most and all(len(found) == 1 for found in applied)


def _alone(entry: Entry, form: Shown) -> set[str]:
    """The options that are shown by themselves."""
    return {entry.options[part[0]] for part in form.parts if len(part) == 1}


def _probes(entry: Entry, option: str, condition: Condition) -> list[str]:
    """Answers that are counted under an option, such that what holds of all of these holds of all that are."""
    question = entry.item.question
    if question.type is not QuestionType.NUMBER or option == OTHER:
        return [option]
    low, high = coding.bounds(question, (option,))
    near = {limit + step for limit in audience.limits_named(condition) for step in (-1, 0, 1)}
    return [str(number) for number in (low, high, *near) if low <= number <= high]
