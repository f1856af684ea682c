"""What kinds of documents the queue makes. Whoever has one to offer registers how it is made.

    works.register(app, "report", make, called)

`make(rendering, told)` runs in a worker, in an application context and in no transaction: it opens its own, short ones.
What it wants to write for good goes into `Made.keep`, so that it is written together with the document or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.pdf import Progress
from mande.reports.models import Rendering


class CannotBeMadeError(Exception):
    """The document cannot be made, and another attempt would not help. The text says why, and what to do."""


@dataclass(frozen=True)
class Made:
    """A finished file. `keep` is called in the transaction that marks the document as made; it may write, returns the
    id of the edition that came of it, if one did, and may raise CannotBeMadeError.
    """

    file_name: str
    media_type: str
    data: bytes
    keep: Callable[[Session], UUID | None] | None = None


Told = Callable[[Progress], None]
Make = Callable[[Rendering, Told], Made]
Called = Callable[[Rendering], str]
Asked = Callable[[Rendering, str], str]


def _name(rendering: Rendering) -> str:
    return rendering.work


@dataclass(frozen=True)
class Work:
    """`make` raises CannotBeMadeError where trying again is of no use; anything else is tried once more.

    `called` says what the document is, on staff's pages: "Partner edition, Français". What was not made, or is no
    longer kept, is asked for again by a button; where there is `asked_at`, on the page whose address that gives of the
    document and the code of its event.
    """

    name: str
    make: Make
    called: Called
    asked_at: Asked | None


def register(app: Flask, name: str, make: Make, called: Called = _name, asked_at: Asked | None = None) -> None:
    """Lets the queue make documents of this kind (see Work); `name` has at most 40 characters."""
    app.extensions.setdefault("mande.works", {})[name] = Work(name, make, called, asked_at)


def find(name: str) -> Work | None:
    """What is registered under a name; None where that is nothing, as after a change of the program."""
    found: Work | None = current_app.extensions.get("mande.works", {}).get(name)
    return found


def called(rendering: Rendering) -> str:
    """What a document is, in the page's language."""
    work = find(rendering.work)
    return work.called(rendering) if work else rendering.work
