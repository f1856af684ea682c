"""Lists that staff have sent and not yet confirmed, and what came of those they have, kept for a day.

Files under the var folder, readable by the program alone, named by a random number that only its sender's page knows:
the list itself with what was said of it, what an import would do or did, and how far it has come. They are removed
when they are a day old.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
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
# Whoever works on a list says so every second or two. Who has been silent for so long was stopped.
SILENT_FOR = timedelta(minutes=1)

Told = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A list sent for an event by a member of staff.

    `wish` is what they said of it, `stage` how far it has come (for the sender's page to know), and `failure` why it
    got no further.
    """

    id: str
    event: str
    member: str
    filename: str
    content: bytes
    wish: Mapping[str, Any] = field(default_factory=dict)
    stage: str = ""
    failure: str = ""


def keep(event: str, member: UUID, filename: str, content: bytes) -> Upload:
    """Keeps a list until it is confirmed, and removes those that are a day old."""
    sweep()
    upload = Upload(secrets.token_hex(16), event, member.hex, filename, content)
    _write_upload(upload)
    return upload


def find(identity: str, event: str, member: UUID) -> Upload | None:
    """The upload, if it is this event's and this member's, and not older than a day."""
    path = _path(identity, "json")
    if path is None or not path.is_file() or _is_old(path):
        return None
    upload = _read(path)
    return upload if (upload.event, upload.member) == (event, member.hex) else None


def change(upload: Upload, told: Told | None = None, **values: Any) -> Upload:
    """Keeps what has become of a list. `told` is what its import would do, or did."""
    if told is not None:
        _write(upload.id, "told", json.dumps(told))
    changed = replace(upload, **values)
    _write_upload(changed)
    return changed


def told(upload: Upload) -> Told | None:
    """What the import would do, or did, as it was last kept."""
    path = _path(upload.id, "told")
    found: Told | None = json.loads(path.read_text(encoding="utf-8")) if path and path.is_file() else None
    return found


def remove(upload: Upload) -> None:
    for kind in ("json", "told", "working"):
        path = _path(upload.id, kind)
        if path:
            path.unlink(missing_ok=True)


def claim(upload: Upload) -> bool:
    """Whether the caller may work on the list: nobody else does, or whoever did has been silent for too long.

    Whoever has claimed it calls `tell_progress` while at work, and `release` afterwards.
    """
    path = _folder() / f"{upload.id}.working"
    if path.is_file() and progress(upload) is None:
        path.unlink(missing_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    tell_progress(upload, "Beginning", 0, 1)
    return True


def release(upload: Upload) -> None:
    (_folder() / f"{upload.id}.working").unlink(missing_ok=True)


def tell_progress(upload: Upload, what: str, done: int, of: int) -> None:
    """Says how far the work on a list has come, and that whoever does it is alive."""
    _write(upload.id, "working", json.dumps({"what": what, "done": done, "of": of}))


def progress(upload: Upload) -> dict[str, Any] | None:
    """How far the work on a list has come; None where nobody works on it, or whoever did was stopped."""
    path = _folder() / f"{upload.id}.working"
    try:
        if clock.now() - _changed(path) > SILENT_FOR:
            return None
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8") or '{"what": "", "done": 0, "of": 1}')
    except FileNotFoundError:
        return None
    return found


def is_interrupted(upload: Upload) -> bool:
    """Whether somebody began to work on the list and was stopped."""
    return (_folder() / f"{upload.id}.working").is_file() and progress(upload) is None


def counts() -> dict[str, int]:
    """How many lists are kept, how many of them somebody is working on, and how many work on was stopped."""
    working = [path for path in _folder().glob("*.working") if path.exists()]
    silent = sum(clock.now() - _changed(path) > SILENT_FOR for path in working)
    return {"kept": len(list(_folder().glob("*.json"))), "working": len(working) - silent, "stopped": silent}


def everything() -> list[Upload]:
    """All lists that are kept, whoever sent them."""
    return [_read(path) for path in _folder().glob("*.json")]


def sweep() -> int:
    """Removes lists that are a day old; the number of files."""
    old = [path for path in _folder().glob("*") if path.exists() and _is_old(path)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _read(path: Path) -> Upload:
    values = json.loads(path.read_text(encoding="utf-8"))
    return Upload(**{**values, "content": base64.b64decode(values["content"])})


def _write_upload(upload: Upload) -> None:
    values = {**asdict(upload), "content": base64.b64encode(upload.content).decode()}
    _write(upload.id, "json", json.dumps(values))


def _write(identity: str, kind: str, text: str) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{identity}.{secrets.token_hex(4)}.part"
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    # The age of a file is told by our clock, which a demonstration moves, and not by the file system's.
    os.utime(part, (clock.now().timestamp(),) * 2)
    part.replace(folder / f"{identity}.{kind}")


def _is_old(path: Path) -> bool:
    return abs(clock.now() - _changed(path)) > KEPT_FOR


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _path(identity: str, kind: str) -> Path | None:
    return _folder() / f"{identity}.{kind}" if re.fullmatch(r"[0-9a-f]{32}", identity) else None


def _folder() -> Path:
    return settings().var / "uploads"
