"""The reports on an event at a glance: what is written, what is published, and what is to be done next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.languages import SOURCE
from mande.reports import comments
from mande.reports import document
from mande.reports.composing import kept
from mande.reports.composing.composed import TEXTS
from mande.reports.document import NothingToReportError
from mande.reports.editions import holding
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Composition
from mande.reports.models import Edition
from mande.reports.telling import telling

WRITTEN_FIRST = (EditionKind.PARTNER, EditionKind.SUMMARY, EditionKind.RESPONDENTS)
"""The kinds whose texts readers look for, in the order in which they are best written."""


@dataclass(frozen=True)
class Kind:
    """One kind of edition: why it cannot be made yet (or ""), what was composed, and the newest of each language."""

    kind: EditionKind
    problem: str
    composed: tuple[Composition, ...]
    published: tuple[Edition, ...]

    @property
    def texts(self) -> list[str]:
        """Which texts are written, in any language."""
        return [name for name in TEXTS if any(getattr(one, name) for one in self.composed)]


@dataclass(frozen=True)
class Step:
    """Something to be done next: `what` is a word of the page, `kind` the edition that it is about."""

    what: str
    kind: EditionKind | None = None
    number: int = 0
    edition: Edition | None = None


@dataclass(frozen=True)
class Overview:
    kinds: tuple[Kind, ...]
    steps: tuple[Step, ...]


def of(session: Session, event: Event) -> Overview:
    """Everything that the page of an event's reports says."""
    compositions = kept.of_event(session, event)
    newest = holding.latest(publishing.editions(session, event)).values()
    kinds = tuple(
        Kind(
            kind,
            _problem(session, event, kind),
            tuple(one for one in compositions if one.kind is kind),
            tuple(sorted((one for one in newest if one.kind is kind), key=lambda one: one.language)),
        )
        for kind in EditionKind
    )
    in_force = {one.id for one in newest}
    taken_back = {one.edition.kind for one in holding.withdrawn(session, event) if one.edition.id in in_force}
    first = {one.kind: one for one in sorted(newest, key=lambda one: one.language != SOURCE)[::-1]}
    untold = [one for one in first.values() if telling.is_untold(session, one)]
    return Overview(kinds, tuple(steps(kinds, comments.waiting(session, event), taken_back, untold)))


def steps(
    kinds: Sequence[Kind], waiting: int, taken_back: set[EditionKind], untold: Sequence[Edition] = ()
) -> list[Step]:
    """What is to be done next, the most urgent first: what was taken back, what waits, whom nobody has told of what is
    published, what is to be written.
    """
    can_be_made = [one for one in kinds if not one.problem]
    if not can_be_made:
        return [Step("wait")]
    found = [Step("correct", one.kind) for one in can_be_made if one.kind in taken_back]
    if waiting:
        found.append(Step("review", number=waiting))
    found += [Step("tell", one.kind, edition=one) for one in untold if one.kind not in taken_back]
    by_kind = {one.kind: one for one in can_be_made}
    for kind in WRITTEN_FIRST:
        if (one := by_kind.get(kind)) and not one.published:
            found.append(Step("publish" if one.texts else "write", kind))
    if len(can_be_made) < len(kinds):
        found.append(Step("wait_for_others"))
    return found


def _problem(session: Session, event: Event, kind: EditionKind) -> str:
    try:
        document.check(session, event, kind)
    except NothingToReportError as problem:
        return str(problem)
    return ""
