"""Telling features to the right that owners have taken back, or narrowed, what others may see of their actions."""

from collections.abc import Callable
from collections.abc import Collection
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

Tell = Callable[[Session, Collection[UUID]], None]


def register(app: Flask, tell: Tell) -> None:
    """Names a function that is told, in the same transaction, of which actions less may be shown than before."""
    app.extensions.setdefault("mande.telling", []).append(tell)


def tell(session: Session, actions: Collection[UUID]) -> None:
    """Tells of these actions. Some of them may be gone altogether."""
    known: list[Tell] = current_app.extensions.get("mande.telling", [])
    session.flush()
    for one in known if actions else ():
        one(session, actions)
