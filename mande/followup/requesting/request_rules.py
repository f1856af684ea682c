"""What may be asked of a colleague, how often, and what of an owner's words goes into a message. Pure."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from mande.followup.kinds import RequestKind
from mande.followup.kinds import RequestState

LASTS = timedelta(days=30)
MOST_OPEN = 3
MOST_BY_ONE = 10
_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]*:/{1,2}|\bwww\.)\S*", re.IGNORECASE)


class Refusal(StrEnum):
    """Why nobody is asked."""

    DISCREET = "discreet"
    OWN_ADDRESS = "own_address"
    DECLINED = "declined"
    ASKED_ALREADY = "asked_already"
    MANY_OPEN = "many_open"
    MANY_ASKED = "many_asked"


@dataclass(frozen=True)
class Earlier:
    """What the same address was asked about the same action before."""

    kind: RequestKind
    state: RequestState
    asked_at: datetime


@dataclass(frozen=True)
class Circumstances:
    """What decides whether somebody may be asked.

    `exposing`: a message would name somebody, or an event, that must not be exposed. `own`: the address is the asker's.
    `open_now` counts what is asked about the action and not answered, `asked_by_one` all that the asker has ever asked
    at this event (0 where the team asks).
    """

    exposing: bool
    own: bool
    open_now: int
    asked_by_one: int
    earlier: Sequence[Earlier] = ()


def refusal(kind: RequestKind, given: Circumstances, now: datetime) -> Refusal | None:
    """Why this may not be asked, or None.

    Whoever has declined is not asked about the same action again, and nobody the same thing twice within 30 days,
    whatever became of it.
    """
    reasons = {
        Refusal.DISCREET: given.exposing,
        Refusal.OWN_ADDRESS: given.own,
        Refusal.DECLINED: any(one.state is RequestState.DECLINED for one in given.earlier),
        Refusal.ASKED_ALREADY: any(_stands(one, now) for one in given.earlier if one.kind is kind),
        Refusal.MANY_OPEN: given.open_now >= MOST_OPEN,
        Refusal.MANY_ASKED: given.asked_by_one >= MOST_BY_ONE,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _stands(earlier: Earlier, now: datetime) -> bool:
    return earlier.state in (RequestState.ASKED, RequestState.AGREED) or now < earlier.asked_at + LASTS


def address_digest(secret: str, action_id: UUID, address: str) -> bytes:
    """32 bytes by which an address is known again that was asked about this action, and by which alone nobody finds
    it: they are keyed, and different for each action.
    """
    key = blake2b(secret.encode(), digest_size=32, person=b"mande-request").digest()
    return hmac.digest(key, action_id.bytes + address.encode(), "sha256")


def without_links(text: str) -> str:
    """An owner's words, for a message to somebody who has not asked for one: web addresses are left out."""
    return " ".join(_LINK.sub("…", text).split())


def has_link(text: str) -> bool:
    """Whether a name holds what no name holds: a web address or an @."""
    return bool(_LINK.search(text)) or "@" in text
