"""What staff have written into an edition and chosen for it. Pure.

What is not chosen is left out; nothing that is chosen adds to what an edition of its kind may show.
"""

from dataclasses import dataclass
from uuid import UUID

from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper

SECTIONS = (
    "summary",
    "key_figures",
    "findings",
    "response",
    "questions",
    "roles",
    "meetings",
    "comparison",
    "comments",
    "later",
    "actions",
    "reach",
    "recommendations",
    "next_steps",
    "event",
)
"""All that an edition may hold, in its order. The method annex is in each of them and is not chosen."""

TEXTS = ("summary", "findings", "recommendations", "next_steps")
"""The sections that staff write."""

_OF_A_SUMMARY = frozenset({"summary", "key_figures", "findings", "recommendations"})

_LEFT_OUT = {
    EditionKind.SUMMARY: frozenset(SECTIONS) - _OF_A_SUMMARY,
    EditionKind.RESPONDENTS: frozenset({"comparison", "roles", "recommendations", "reach"}),
}


def possible(kind: EditionKind) -> tuple[str, ...]:
    """What can be chosen for an edition of this kind: a summary stays on its one page."""
    return tuple(one for one in SECTIONS if kind is not EditionKind.SUMMARY or one in _OF_A_SUMMARY)


def sections_of(kind: EditionKind) -> tuple[str, ...]:
    """What an edition of this kind holds unless somebody chooses otherwise, in its order."""
    left_out = _LEFT_OUT.get(kind, frozenset())
    return tuple(one for one in SECTIONS if one not in left_out)


@dataclass(frozen=True)
class Composed:
    """One edition as it is composed. Texts are Markdown, in `language`.

    `sections` are those shown, None for those usual in its kind. `left_out` are codes of questions. `actions` are the
    planned actions whose words are shown as examples, None for all that may be. `breakdown` is the stratum by which
    partners and the public see groups, None for the first that the questionnaire declares.
    """

    language: str = "en"
    paper: Paper = Paper.A4
    sections: tuple[str, ...] | None = None
    left_out: frozenset[str] = frozenset()
    actions: frozenset[UUID] | None = None
    breakdown: str | None = None
    summary: str = ""
    findings: str = ""
    recommendations: str = ""
    next_steps: str = ""

    def shown(self, kind: EditionKind) -> tuple[str, ...]:
        """The sections that are shown, in their order."""
        chosen = sections_of(kind) if self.sections is None else self.sections
        return tuple(one for one in possible(kind) if one in chosen)
