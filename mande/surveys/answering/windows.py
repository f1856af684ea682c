"""Two windows of one person, or two devices, on one page: which answers count, and who is told. Pure.

A page carries a mark of the answers with which it was drawn. Where others are stored by the time it comes back,
somebody saved in between, and what comes back now replaces all of them: never a mixture of two windows. A draft, which
is sent while somebody types and not because they pressed a button, never replaces what came from elsewhere.
"""

import json
from collections.abc import Collection
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any


def mark(codes: Collection[str], answers: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that stand for the answers under these codes."""
    held = {code: answers[code] for code in codes if answers.get(code)}
    return blake2b(json.dumps(held, sort_keys=True).encode(), digest_size=8).hexdigest()


def overtaken(codes: Collection[str], drawn: str | None, stored: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether other answers were stored under these codes since the page was drawn with the mark `drawn`.

    Not where what is sent is what is stored: a button that was pressed twice has overtaken nobody.
    """
    now = mark(codes, stored)
    return drawn is not None and drawn != now and mark(codes, sent) != now
