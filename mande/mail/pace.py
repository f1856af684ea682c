"""Counting what each receiving domain was offered in this minute, for all workers together.

A minute is one of the clock's: at its turn a domain may be offered twice the number within a few seconds.
"""

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import cast

from sqlalchemy import Connection
from sqlalchemy import CursorResult
from sqlalchemy import Table
from sqlalchemy import bindparam
from sqlalchemy import case
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

from mande.mail.models import Pace
from mande.pacing import minute_of
from mande.web import settings

_MINUTE = timedelta(minutes=1)
_KEPT = timedelta(hours=1)
_table = cast(Table, Pace.__table__)


def exhausted(connection: Connection, now: datetime) -> frozenset[str]:
    """The domains that have been offered all that they may be in this minute."""
    minute, limit = minute_of(now), settings().mail.limits.of
    counted = select(_table.c.domain, _table.c.offered).where(_table.c.minute.between(minute, minute + _MINUTE))
    return frozenset(
        domain for domain, offered in connection.execute(counted) if (most := limit(domain)) and offered >= most
    )


def count(connection: Connection, domain: str, now: datetime) -> bool:
    """Counts one more message offered to the domain; False, and counts nothing, where that would be too many.

    Until the transaction ends no other worker counts for this domain.
    """
    most = settings().mail.limits.of(domain)
    if most is None:
        return True
    values = {"domain": domain, "minute": minute_of(now), "next": minute_of(now) + _MINUTE, "most": most}
    return connection.execute(_COUNT[connection.dialect.name], values).first() is not None


def give_back(connection: Connection, domain: str, now: datetime) -> None:
    """Takes back what was counted for a message that was not offered after all."""
    connection.execute(
        update(_table)
        .where(_table.c.domain == domain, _table.c.minute == minute_of(now), _table.c.offered > 0)
        .values(offered=_table.c.offered - 1)
    )


def forget(connection: Connection, now: datetime) -> int:
    """Deletes counts that are over: which domain was written to when is nobody's business. Returns how many."""
    old = delete(_table).where(_table.c.minute < now - _KEPT)
    return cast(CursorResult[Any], connection.execute(old)).rowcount


def _counting(dialect: Any) -> Any:
    new = dialect.insert(_table).values(domain=bindparam("domain"), minute=bindparam("minute"), offered=1)
    # Another worker's clock may be a little ahead. A minute further away is from a clock that was wrong: begin anew.
    another = (_table.c.minute < new.excluded.minute) | (
        _table.c.minute > bindparam("next", type_=_table.c.minute.type)
    )
    return new.on_conflict_do_update(
        index_elements=[_table.c.domain],
        set_={
            "minute": case((another, new.excluded.minute), else_=_table.c.minute),
            "offered": case((another, 1), else_=_table.c.offered + 1),
        },
        where=another | (_table.c.offered < bindparam("most")),
    ).returning(_table.c.offered)


_COUNT = {"sqlite": _counting(sqlite), "postgresql": _counting(postgresql)}
