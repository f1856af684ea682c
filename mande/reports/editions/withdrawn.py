"""What a published edition holds that the owner of an action has taken back since. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from mande.followup.kinds import FOR_PARTNERS
from mande.followup.kinds import Visibility


class TakenBack(StrEnum):
    """What an owner, or the team for them, has taken back: the action, its words, or a name."""

    WITHDRAWN = "withdrawn"
    FOR_TEAM = "for_team"
    WITHOUT_NAME = "without_name"
    LEFT = "left"


@dataclass(frozen=True)
class Now:
    """How an action stands: who may see it, and whether its owner must not be exposed."""

    visibility: Visibility
    hidden: bool = False


def taken_back(internal: bool, named: bool, left: bool, now: Now | None) -> TakenBack | None:
    """What was taken back of an action that an edition holds, by name or not; None where all is as it was published.

    `internal`: the edition is the team's own, which may read what partners may not. `left`: one of its owners has left
    the action since. `now` is None where it is withdrawn or erased.
    """
    if now is None:
        return TakenBack.WITHDRAWN
    if not internal and now.visibility not in FOR_PARTNERS:
        return TakenBack.FOR_TEAM
    if not named:
        return None
    if now.hidden or (not internal and now.visibility is not Visibility.PARTNERS_BY_NAME):
        return TakenBack.WITHOUT_NAME
    return TakenBack.LEFT if left else None
