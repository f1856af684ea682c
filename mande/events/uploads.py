"""Lists that staff have sent and not yet confirmed, and what came of those they have, kept for a day.

A file under the var folder for each, readable by the program alone, named by a random number that only its sender's
page knows. It is removed when it is a day old.
"""

import base64
import json
import os
import re
import secrets
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from mande import clock
from mande.web import settings

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Upload:
    """A list sent for an event by a member of staff. `result` is what its import did, once it is done."""

    id: str
    event: str
    member: str
    filename: str
    content: bytes
    result: dict[str, Any] | None = None


def keep(event: str, member: UUID, filename: str, content: bytes) -> Upload:
    """Keeps a list until it is confirmed, and removes those that are a day old."""
    sweep()
    upload = Upload(secrets.token_hex(16), event, member.hex, filename, content)
    _write(upload)
    return upload


def find(identity: str, event: str, member: UUID) -> Upload | None:
    """The upload, if it is this event's and this member's, and not older than a day."""
    path = _path(identity)
    if path is None or not path.is_file() or _is_old(path):
        return None
    values = json.loads(path.read_text(encoding="utf-8"))
    upload = Upload(**{**values, "content": base64.b64decode(values["content"])})
    return upload if (upload.event, upload.member) == (event, member.hex) else None


def finish(upload: Upload, result: dict[str, Any]) -> None:
    """Keeps what the import did instead of the list."""
    _write(replace(upload, content=b"", result=result))


def remove(upload: Upload) -> None:
    path = _path(upload.id)
    if path:
        path.unlink(missing_ok=True)


def _write(upload: Upload) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {**asdict(upload), "content": base64.b64encode(upload.content).decode()}
    part = folder / f"{upload.id}.part"
    part.touch(mode=0o600)
    part.write_text(json.dumps(values), encoding="utf-8")
    # The age of a file is told by our clock, which a demonstration moves, and not by the file system's.
    os.utime(part, (clock.now().timestamp(),) * 2)
    part.replace(folder / f"{upload.id}.json")


def sweep() -> int:
    """Removes lists that are a day old; the number of them."""
    old = [path for path in _folder().glob("*") if path.exists() and _is_old(path)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_old(path: Path) -> bool:
    return abs(clock.now() - datetime.fromtimestamp(path.stat().st_mtime, UTC)) > KEPT_FOR


def _path(identity: str) -> Path | None:
    return _folder() / f"{identity}.json" if re.fullmatch(r"[0-9a-f]{32}", identity) else None


def _folder() -> Path:
    return settings().var / "uploads"
