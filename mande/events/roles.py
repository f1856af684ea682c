"""In which role a person with several is asked: once, as what weighs most."""

from collections.abc import Collection
from collections.abc import Iterable

from mande.events.kinds import Role

PRECEDENCE = (Role.PARTNER, Role.SPEAKER, Role.PARTICIPANT)


def asked_as(roles: Collection[Role]) -> Role:
    """The one role in which a person is asked. Raises ValueError for a person with none."""
    for role in PRECEDENCE:
        if role in roles:
            return role
    raise ValueError("an attendance has at least one role")


def in_order(roles: Iterable[Role]) -> list[Role]:
    """The roles without repetition, the one that a person is asked in first."""
    held = set(roles)
    return [role for role in PRECEDENCE if role in held]
