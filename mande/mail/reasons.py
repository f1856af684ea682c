"""Why a message did not arrive, told from another server's words: status codes (RFC 3463), then what is said. Pure.

A status code is the server's own judgement and comes first, unless it says no more than "something" (x.0.0) or is one
that servers use for anything (5.7.1, 5.5.0): then words that can only mean one thing decide.
"""

import re
from enum import StrEnum

from mande.mail.incoming import words as saying


class Reason(StrEnum):
    NO_SUCH_ADDRESS = "no_such_address"
    SWITCHED_OFF = "switched_off"
    MAILBOX_FULL = "mailbox_full"
    DOMAIN_UNKNOWN = "domain_unknown"
    REFUSED = "refused"
    RELAY = "relay"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"
    LATER = "later"
    OTHER = "other"


# What is not the address's fault: the address may well take the next message.
OURS = frozenset({Reason.REFUSED, Reason.RELAY, Reason.TOO_LARGE})
# What may mend itself within days.
PASSING = frozenset({Reason.MAILBOX_FULL, Reason.UNREACHABLE, Reason.LATER})

_BY_STATUS = (
    (r"[45]\.1\.(?:0|1|3|6|10)", Reason.NO_SUCH_ADDRESS),
    (r"5\.1\.2|5\.4\.4|5\.1\.(?:8|9)", Reason.DOMAIN_UNKNOWN),
    (r"[45]\.2\.2", Reason.MAILBOX_FULL),
    (r"5\.2\.1", Reason.SWITCHED_OFF),
    (r"[45]\.(?:2|3)\.[34]", Reason.TOO_LARGE),
    (r"[45]\.4\.7|4\.4\.\d+|5\.4\.1", Reason.UNREACHABLE),
    (r"5\.7\.\d+|5\.6\.\d+", Reason.REFUSED),
)
_BY_WORDS = (
    (r"over ?quota|quota exceeded|exceeded .{0,20}(?:quota|storage)|mailbox (?:is )?(?:full|exceeded)|out of storage",
     Reason.MAILBOX_FULL),
    (r"relay(?:ing)? (?:access )?(?:is )?denied|relaying denied|unable to relay|relay not permitted", Reason.RELAY),
    (r"user (?:is )?(?:unknown|not found)|unknown (?:user|recipient|local.part|address)|unrouteable address|"
     r"no such (?:user|recipient|mailbox|person)|does ?n.t have an? \S+ account|recipientnotfound|recipnotfound|"
     r"(?:recipient|mailbox|address|account) (?:not found|does not exist|unknown|unavailable|rejected)|"
     r"invalid (?:recipient|mailbox)|no mailbox here",
     Reason.NO_SUCH_ADDRESS),
    (r"(?:account|mailbox|user) (?:has been |is |was )?(?:disabled|inactive|suspended|closed|deactivated)",
     Reason.SWITCHED_OFF),
    (r"(?:host|domain)(?: or domain)?(?: name)? (?:not found|unknown|does not exist)|host unknown|no mx|nxdomain|"
     r"name or service not known|unrouteable (?:mail )?domain|bad destination host", Reason.DOMAIN_UNKNOWN),
    (r"spam|blocked|block ?list|blacklist|poor reputation|spf|dkim|dmarc|policy|not authori[sz]ed|unsolicited|"
     r"junk|rejected due to|content rejected", Reason.REFUSED),
    (r"too (?:large|big)|size (?:limit|exceeds)|exceeds .{0,20}size", Reason.TOO_LARGE),
    (r"greylist|graylist|try again|temporar|rate limit|too many", Reason.LATER),
    (r"timed? ?out|connection refused|expired|retry time|could not be reached|unreachable|queue too long",
     Reason.UNREACHABLE),
)  # fmt: skip
_VAGUE = re.compile(r"5\.(?:0\.0|1\.0|4\.1|5\.0|7\.1)")


def reason(words: str) -> Reason:
    """What another server's words come to."""
    code = saying.status(words)
    by_status = next((reason for pattern, reason in _BY_STATUS if code and re.fullmatch(pattern, code)), None)
    by_words = next((reason for pattern, reason in _BY_WORDS if re.search(pattern, words, re.IGNORECASE)), None)
    vague = by_status is None or _VAGUE.fullmatch(code)
    found = (by_words if vague or by_words is Reason.MAILBOX_FULL else None) or by_status or Reason.OTHER
    for_now = (code or saying.reply_code(words)).startswith("4")
    return Reason.LATER if for_now and found not in PASSING else found


def is_passing(words: str) -> bool:
    """Whether what was said may mend itself, so that the message is worth sending again within days."""
    return reason(words) in PASSING


def blames_address(words: str) -> bool:
    """Whether a refusal for good speaks against the address itself, and not against us or against this message."""
    return reason(words) not in OURS
