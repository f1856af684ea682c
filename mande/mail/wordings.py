"""The messages that staff may put into words of their own, for one event or for all: which there are, and what is kept.

This folder knows neither events nor people: the folders that write messages register here what each may say.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import Flask
from flask import current_app
from flask_babel import LazyString
from sqlalchemy import delete
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import clock
from mande.mail.models import Template
from mande.mail.own_words import Offer
from mande.mail.own_words import Words

# By the name of the message and the language.
Own = Mapping[tuple[str, str], Words]
NONE: Own = {}


@dataclass(frozen=True)
class Placeholder:
    """What may stand in braces. `value` is what the message's own template calls it.

    A `sentence` is a block of that template: a sentence of ours that differs from person to person, or is left out.
    """

    name: str
    means: LazyString
    value: str = ""
    sentence: bool = False


@dataclass(frozen=True)
class Wording:
    """A message that staff may put into words of their own; `name` is also its file's in templates/mail.

    For a session, an event and a person, `sample` gives values to show it with, as `compose` takes them, and `language`
    the one in which that person would get it; what events and people are is known to those who register. `discreet`: it
    may give nothing away.
    """

    name: str
    label: LazyString
    placeholders: Sequence[Placeholder]
    sample: Callable[[Session, Any, Any], dict[str, Any]]
    language: Callable[[Session, Any, Any], str]
    has_link: bool = True
    discreet: bool = False

    @cached_property
    def offer(self) -> Offer:
        return Offer(
            frozenset(one.name for one in self.placeholders if not one.sentence),
            frozenset(one.name for one in self.placeholders if one.sentence),
            self.has_link,
        )

    @cached_property
    def by_name(self) -> Mapping[str, Placeholder]:
        return {one.name: one for one in self.placeholders}


def register(app: Flask, *wordings: Wording) -> None:
    """Names messages that staff may put into words of their own, in the order in which they are listed."""
    app.extensions.setdefault("mande.wordings", {}).update({wording.name: wording for wording in wordings})


def known() -> Mapping[str, Wording]:
    """Every message that staff may put into words of their own, by its name."""
    found: dict[str, Wording] = current_app.extensions.get("mande.wordings", {})
    return found


def of(session: Session | None, event_id: UUID | None) -> Own:
    """Staff's own words that hold for an event: its own, else those for all. One statement in a session.

    There are none without a session: for an event that is not in the database.
    """
    if session is None:
        return NONE
    prepare(session, [event_id])
    found: dict[UUID | None, Own] = session.info["mande.wordings"]
    return found[event_id]


def prepare(session: Session, events: Iterable[UUID | None]) -> None:
    """Reads what holds for many events, so that `of` needs no statement for each."""
    kept: dict[UUID | None, Own] = session.info.setdefault("mande.wordings", {})
    lacking = [event_id for event_id in events if event_id not in kept]
    if not lacking:
        return
    with session.no_autoflush:
        found = session.execute(_of(lacking)).all()
    for event_id in lacking:
        # What an event has of its own comes last, and so stands instead of the house's.
        mine = sorted((one for one in found if one.event_id in (None, event_id)), key=lambda one: bool(one.event_id))
        kept[event_id] = {(one.kind, one.language): Words(one.subject, one.text) for one in mine}


def kept(session: Session, event_id: UUID | None) -> dict[tuple[str, str], Template]:
    """Which own words an event has, or (None) the house, by name and language."""
    mine = Template.event_id.is_(None) if event_id is None else Template.event_id == event_id
    return {(one.kind, one.language): one for one in session.scalars(select(Template).where(mine))}


def save(session: Session, event_id: UUID | None, key: tuple[str, str], words: Words, by: str) -> None:
    """Keeps words that were checked, instead of what there was. Of two who save at once the later one's stay."""
    name, language = key
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    said = {"subject": words.subject, "text": words.text, "edited_at": clock.now(), "edited_by": by}
    of_all = event_id is None
    session.execute(
        dialect.insert(Template)
        .values(event_id=event_id, kind=name, language=language, **said)
        .on_conflict_do_update(
            index_elements=[*([] if of_all else ["event_id"]), "kind", "language"],
            index_where=Template.event_id.is_(None) if of_all else Template.event_id.is_not(None),
            set_=said,
        )
    )
    session.info.pop("mande.wordings", None)


def remove(session: Session, event_id: UUID | None, key: tuple[str, str]) -> bool:
    """Goes back to our words, or to the house's; returns whether there were others."""
    found = kept(session, event_id).get(key)
    if found is not None:
        session.execute(delete(Template).where(Template.id == found.id))
        session.info.pop("mande.wordings", None)
    return found is not None


def _of(events: Collection[UUID | None]) -> Any:
    columns = select(Template.event_id, Template.kind, Template.language, Template.subject, Template.text)
    return columns.where(or_(Template.event_id.is_(None), Template.event_id.in_([one for one in events if one])))
