"""Lets the database add up by groups of events that only the program knows, such as years by each event's clocks."""

import json
from collections.abc import Hashable
from collections.abc import Mapping
from typing import Generic
from typing import TypeVar
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Subquery
from sqlalchemy import Uuid
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.orm import Session

G = TypeVar("G", bound=Hashable)


class Grouped(Generic[G]):
    """Groups of events as a table with the columns `event_id` and `number`; `groups[number]` is the group.

    Thousands of events go as one parameter, and as many rows as there are groups come back, not as there are events.
    """

    def __init__(self, session: Session, events: Mapping[UUID, G]) -> None:
        self.groups: list[G] = list(dict.fromkeys(events.values()))
        self._numbers = {group: number for number, group in enumerate(self.groups)}
        self.table = _table(session, {event.hex: self.number(group) for event, group in events.items()})

    def number(self, group: G) -> int:
        return self._numbers[group]


def _table(session: Session, numbered: Mapping[str, int]) -> Subquery:
    told = json.dumps(numbered)
    event: ColumnElement[UUID]
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(bindparam(None, told, String)).table_valued("key", "value", name="each")
        event = type_coerce(each.c.key, Uuid)
    else:
        each = func.json_each_text(cast(bindparam(None, told, String), JSON)).table_valued("key", "value", name="each")
        event = cast(each.c.key, Uuid)
    return select(event.label("event_id"), cast(each.c.value, Integer).label("number")).subquery("grouped")
