"""How often somebody may get a password wrong: by address, and by where they come from; and other things that are
limited by where somebody comes from.
"""

from datetime import UTC
from datetime import datetime
from math import ceil

from flask import Flask
from flask import current_app
from flask import request
from limits import RateLimitItem
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from mande import clock
from mande.config import Settings
from mande.staff.accounts import normalise

PER_ADDRESS = parse("8 per 15 minutes")
PER_PLACE = parse("30 per 15 minutes")


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["mande.settings"]
    # Not Flask-Limiter, which is a layer on top of this and has hooks that every respondent's page would pay for.
    app.extensions["mande.limiter"] = FixedWindowRateLimiter(storage_from_string(settings.rate_limits))


def minutes_to_wait(address: str) -> int:
    """For how many minutes nobody may try this address, or this visitor any; 0 where trying is allowed."""
    limits = _limiter()
    waits = [
        _minutes(limits.get_window_stats(limit, *key).reset_time)
        for limit, key in _keys(address)
        if not limits.test(limit, *key)
    ]
    return max(waits, default=0)


def count_failure(address: str) -> None:
    """Remembers that a password was wrong. One that is right costs nothing."""
    for limit, key in _keys(address):
        _limiter().hit(limit, *key)


def hit(limit: RateLimitItem, what: str) -> bool:
    """Counts that this visitor does something that is limited; False where they have done it too often."""
    return _limiter().hit(limit, what, request.remote_addr or "nowhere")


def _keys(address: str) -> list[tuple[RateLimitItem, tuple[str, str]]]:
    return [
        (PER_ADDRESS, ("sign-in address", normalise(address))),
        (PER_PLACE, ("sign-in place", request.remote_addr or "nowhere")),
    ]


def _minutes(reset: float) -> int:
    return max(1, ceil((datetime.fromtimestamp(reset, UTC) - clock.now()).total_seconds() / 60))


def _limiter() -> FixedWindowRateLimiter:
    found: FixedWindowRateLimiter = current_app.extensions["mande.limiter"]
    return found
