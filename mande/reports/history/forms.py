"""The form in which an earlier edition showed a question, as figures of this one, in its language. Pure.

If the program, or k, would now choose another form of the same answers, the two could be subtracted. So the earlier one
is repeated; a coarser one that is worked out from it alone is as good.
"""

from typing import Any

from mande.reports import wording
from mande.reports.answers import distribution
from mande.reports.answers import published
from mande.reports.answers.distribution import Labels
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import placed
from mande.reports.history import essence
from mande.reports.history.past import strata
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.questions import UNRANKED

Said = dict[str, Any]
REPEATED, GROUPS_HELD = "form repeated", "groups held"


def settled(entry: Entry, said: Said, told: Said | None, labels: Labels) -> tuple[Said, list[str]]:
    """A question as it may be shown beside what was told of it before, and what was held back.

    `said` is what it would be with no earlier edition, `told` the essence of what it was (None: nothing).
    """
    now = essence.essence(said)
    if now is None or told is None or now == told:
        return said, []
    notes = []
    breakdowns = said["breakdowns"]
    if essence.whole(now) != essence.whole(told) and not _is_part_of(entry, now, told):
        notes.append(REPEATED)
        said = said | repeated(entry, told, labels)
        if entry.item.question.type in published.UNLISTED:
            named = [code for codes, *_counted in told["cells"] for code in codes] or told["nearly_all"] or []
            said["options"] = [{"code": code, "label": labels[code]} for code in named]
        breakdowns = [one for one in breakdowns if essence.broken(one) in told["groups"]]
    kept = [one for one in breakdowns if _may_stand_beside(essence.broken(one), told)]
    if len(kept) < len(said["breakdowns"]):
        notes.append(GROUPS_HELD)
    return said | _blanks(said, told) | {"breakdowns": kept}, notes


def _may_stand_beside(group: list[Any], told: Said) -> bool:
    """Whether groups are those that were told, or the first ones: two breakdowns of the same people overlap."""
    same = [one for one in told["groups"] if one[:2] == group[:2]]
    return group in same if same else group[0] == "role" or not strata(told)


def _blanks(said: Said, told: Said) -> Said:
    """How many left it blank is told apart only where it was before."""
    return (
        dict.fromkeys(essence.BLANKS) if told["blanks"] == [None, None] else {one: said[one] for one in essence.BLANKS}
    )


def _is_part_of(entry: Entry, now: Said, told: Said) -> bool:
    """Of countries and dates: whether all that is shown by itself was so before. What is left is known then."""
    if entry.item.question.type not in published.UNLISTED:
        return False
    alone = [cell for cell in now["cells"] if cell[0]]
    return now["n"] == told["n"] and now["nearly_all"] == told["nearly_all"] and all(c in told["cells"] for c in alone)


def repeated(entry: Entry, told: Said, labels: Labels) -> Said:
    """The figures of a question in the form that was told."""
    question, table = entry.item.question, entry.whole
    if table is None:
        raise ValueError(f"{entry.item.code} has no figures to repeat")
    if question.type is QuestionType.MULTIPLE:
        return distribution.several(table, labels, essence.placings(told))
    if question.type is not QuestionType.RANKING:
        return distribution.of_shown(question, essence.shown(told, entry.options), labels, entry.population)
    among = placed(question)
    ranking = {"ranking": {"among": among, "few_below": told["few_below"], "options": []}}
    if among > 1:
        return distribution.several(table, labels, essence.placings(told)) | ranking
    named = Labels(labels.language, {**labels, UNRANKED: wording.nothing_first()})
    return distribution.of_shown(question, essence.shown(told, list(named)), named, None) | ranking
