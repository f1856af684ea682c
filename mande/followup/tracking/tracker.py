"""The list of actions as rows of a file."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mande.followup.figures import Tracked
from mande.followup.figures import named_owners
from mande.followup.figures import organisations
from mande.followup.models import Source

HEADER = (
    "event", "programme", "owner", "email", "organisation", "roles", "source", "owner on the team", "action", "why",
    "theme", "status", "verified", "by", "overdue", "gone quiet", "owners disagree", "with whom", "help needed",
    "may be seen by", "may be asked", "written down", "last heard", "what changed", "contribution of the event",
    "evidence",
)  # fmt: skip


def rows(actions: Iterable[Tracked], members: Mapping[UUID, str]) -> Iterator[list[Any]]:
    """One row of codes and texts for each action, under HEADER. `members` are the names of the team by id."""
    for one in actions:
        action, said = one.action, one.said
        yield [
            action.event.code,
            action.event.programme,
            named_owners(one),
            ", ".join(person.email for person in one.people),
            organisations(one) or "",
            " ".join(one.roles),
            action.source.value,
            members.get(action.staff_id, "") if action.staff_id else "",
            action.what,
            action.why,
            action.theme.text if action.theme else "",
            action.status.value,
            action.verified.value if action.verified else "",
            action.by_when or "",
            _yes(one.overdue),
            _yes(one.quiet),
            _yes(one.conflicting),
            action.with_whom,
            action.help_needed,
            one.visibility.value,
            _yes(one.may_ask and not one.stopped) if action.source is Source.OWNER else "",
            action.created_on,
            action.heard_at.date() if action.heard_at else "",
            said.what_changed,
            said.contribution.value if said.contribution else "",
            said.evidence,
        ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
