"""The check of one edition that is being made, with all that was published before: what `document` asks."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.reports.actions import progress
from mande.reports.answers import distribution
from mande.reports.answers.conditional import Publishable
from mande.reports.answers.entries import Entry
from mande.reports.history import acting
from mande.reports.history import attending
from mande.reports.history import forms
from mande.reports.history import saying
from mande.reports.history.past import Past
from mande.reports.history.past import Place
from mande.reports.history.saying import APART
from mande.reports.history.saying import STRATUM_KEPT
from mande.reports.kinds import Level
from mande.reports.reach.tables import Came
from mande.reports.reach.tables import Table
from mande.surveys.models import Survey

Said = dict[str, Any]


class Check:
    """Holds back what could be subtracted, and remembers what that was. `past` is empty of what nobody outside the team
    has seen: for an internal edition it holds nothing.
    """

    def __init__(self, past: Past, level: Level, language: str) -> None:
        self.past = past
        self.level = level
        self.language = language
        self.k = past.k
        self.held: set[str] = set()

    def promise(self, k: int) -> int:
        """The k that this edition keeps to: never less than an earlier one did."""
        self.k = max(k, self.k)
        return self.k

    def lots(self, surveys: Sequence[Survey]) -> list[list[Survey]]:
        """Surveys of one wave whose answers may be added up: those that were first published together."""
        found: dict[int, list[Survey]] = {}
        for survey in surveys:
            found.setdefault(self.past.lot(survey.wave.value, survey.id), []).append(survey)
        if len(found) > 1:
            self.held.add(APART)
        return [found[lot] for lot in sorted(found)]

    def publishable(self, wave: str, entries: Iterable[Entry]) -> Publishable:
        """Which questions may be shown, beside what was told of those that decided who was asked."""
        return Publishable(entries, self.k, lambda entry: self.past.told.get(_place(wave, entry)))

    def stratum(self, wave: str, entry: Entry, wanted: str | None) -> str | None:
        """By what groups are shown: as in earlier editions, else as is wanted."""
        kept = self.past.stratum(_place(wave, entry))
        if kept and wanted not in (None, kept):
            self.held.add(STRATUM_KEPT)
        return kept or wanted

    def question(self, wave: str, entry: Entry, said: Said) -> Said:
        """A question as it may be shown."""
        told = self.past.told.get(_place(wave, entry))
        kept, held = forms.settled(entry, said, told, distribution.labels(entry, self.language))
        self.held.update(held)
        return kept | {"apart": entry.apart}

    def actions(self, session: Session, event: Event, said: Said) -> Said:
        """The part "actions" of the document as it may be shown."""
        if self.level is not Level.PUBLIC:
            return said
        courses = progress.courses(session, event, self.level.value)
        kept, held = acting.settled(said, courses, self.past.actions, max(event.k, self.k))
        self.held.update(held)
        return kept

    def attended(self, tables: list[Table], came: list[Came], attendees: Said) -> tuple[list[Table], list[Came]]:
        """Tables of attendees as they may be shown; with them the countries that `attendees` names, put right there."""
        if self.level is Level.INTERNAL:
            return tables, came
        now = attending.attended(tables, came, attendees["countries_named"])
        earlier = attending.settled(now, self.past.attended, self.k)
        if earlier is None:
            return tables, came
        self.held.add(attending.REPEATED)
        attendees["countries_named"] = [
            {"country": code, "attendees": number} for code, number in earlier["countries"].items()
        ]
        return attending.as_tables(earlier), attending.as_came(earlier)

    def section(self) -> Said:
        """The part "history" of the document."""
        return {
            "previous": [one.as_said() for one in self.past.editions],
            "sentences": saying.sentences(len(self.past.editions), self.held),
        }


def _place(wave: str, entry: Entry) -> Place:
    return wave, entry.item.code, entry.item.question.type.value, entry.apart
