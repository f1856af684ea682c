"""An event's intended outcomes when its description changes: which row is which text's, and what hangs on them.

Other folders group things under intended outcomes: what they lose with one that is removed, they say here.
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import IntendedOutcome

# From this share of what two texts have in common on, one is taken for the other, reworded.
ALIKE = 0.6


@dataclass(frozen=True)
class Part:
    """What a folder does about outcomes that go: `losses` says in sentences what is lost, `remove` lets go of it."""

    losses: Callable[[Session, Sequence[IntendedOutcome]], list[str]]
    remove: Callable[[Session, Sequence[IntendedOutcome], str], None]


def register(app: Flask, part: Part) -> None:
    app.extensions.setdefault("mande.outcome_parts", []).append(part)


def matched(known: Sequence[str], wanted: Sequence[str]) -> list[int | None]:
    """For each wanted text the index of the known one that it is; None for a new one. No index comes twice.

    First those that are word for word the same, wherever they stand; then those that were reworded, by what they have
    in common; last, what stands where something stood that is found nowhere else.
    """
    found: list[int | None] = [None] * len(wanted)
    free = list(range(len(known)))
    for place, text in enumerate(wanted):
        same = next((index for index in free if known[index] == text), None)
        if same is not None:
            found[place] = same
            free.remove(same)
    for _likeness, _apart, place, index in _alike(known, wanted, found, free):
        if found[place] is None and index in free:
            found[place] = index
            free.remove(index)
    for place in range(len(wanted)):
        if found[place] is None and place in free:
            found[place] = place
            free.remove(place)
    return found


def _alike(
    known: Sequence[str], wanted: Sequence[str], found: Sequence[int | None], free: Sequence[int]
) -> list[tuple[float, int, int, int]]:
    """The pairs that are alike, the most alike first and the nearest of those that are as much so."""
    pairs = []
    for place, text in enumerate(wanted):
        for index in free if found[place] is None else ():
            likeness = SequenceMatcher(None, known[index].casefold(), text.casefold(), autojunk=False).ratio()
            if likeness >= ALIKE:
                pairs.append((-likeness, abs(place - index), place, index))
    return sorted(pairs)


def losses(session: Session, event: Event, texts: Sequence[str]) -> list[str]:
    """What would be lost if these became the event's outcomes, in sentences; nothing is changed."""
    gone = _gone(event, texts)
    return [sentence for part in _parts() for sentence in part.losses(session, gone)] if gone else []


def store(session: Session, event: Event, texts: Sequence[str], actor: str) -> None:
    """Makes these the event's intended outcomes, in this order. What is kept or reworded stays the same row."""
    found = matched([one.text for one in event.outcomes], texts)
    rows = [event.outcomes[index] if index is not None else None for index in found]
    gone = _gone(event, texts)
    if gone:
        session.flush()
        for part in _parts():
            part.remove(session, gone, actor)
        for outcome in gone:
            event.outcomes.remove(outcome)
    if gone or any(row is not None and row.position != place for place, row in enumerate(rows, start=1)):
        # Two that change places would stand in one place for a moment: all step aside first.
        for outcome in event.outcomes:
            outcome.position += 1_000_000
        session.flush()
    for place, (row, text) in enumerate(zip(rows, texts, strict=True), start=1):
        if row is None:
            event.outcomes.append(IntendedOutcome(position=place, text=text))
            continue
        row.position = place
        if row.text != text:
            row.text = text
    event.outcomes.sort(key=lambda outcome: outcome.position)


def _gone(event: Event, texts: Sequence[str]) -> list[IntendedOutcome]:
    kept = set(matched([one.text for one in event.outcomes], texts))
    return [outcome for index, outcome in enumerate(event.outcomes) if index not in kept]


def _parts() -> list[Part]:
    parts: list[Part] = current_app.extensions.get("mande.outcome_parts", [])
    return parts
