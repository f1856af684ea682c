"""Keeping files that show what came of an action, and letting them go.

A file's row and its bytes go together: the bytes are written before the transaction is committed, and removed after it
was. What a program that died in between leaves behind is swept away.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID
from uuid import uuid4

import structlog
from flask import g
from sqlalchemy import Connection
from sqlalchemy import event
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Mapper
from sqlalchemy.orm import Session
from sqlalchemy.orm import object_session
from werkzeug.datastructures import FileStorage

from mande import clock
from mande import db
from mande import languages
from mande.followup.keeping import filetypes
from mande.followup.keeping import pictures
from mande.followup.keeping import store
from mande.followup.keeping.filetypes import FileError
from mande.followup.keeping.filetypes import Kind
from mande.followup.keeping.filetypes import Problem
from mande.followup.models import EvidenceFile
from mande.followup.models import PlannedAction
from mande.keyring import Keyring
from mande.web import settings

MOST_FILES = 10
# How many files of the full size one form may carry.
AT_ONCE = 3
# What is left without a row for so long is not being written any more.
WRITTEN_WITHIN = timedelta(hours=1)
_CHUNK = 500

log = structlog.stdlib.get_logger("mande.files")


@dataclass(frozen=True)
class Checked:
    """A file as it will be kept: its clean name, its kind, and its bytes, of a photograph the picture alone."""

    name: str
    kind: Kind
    content: bytes


class FullError(Exception):
    """The action has as many files as one may have."""


def most_bytes() -> int:
    """How large a file may be."""
    return settings().evidence_limit_mb * 1024**2


def most_in_a_form() -> int:
    """How large a form with files may be: a file that is too large is to be refused by name, with the rest kept."""
    return AT_ONCE * most_bytes() + 2 * 1024**2


def sent(uploads: Iterable[FileStorage]) -> list[FileStorage]:
    """The files that somebody has chosen: a browser sends a field that was left empty as a file without a name."""
    return [upload for upload in uploads if upload.filename]


def prepare(uploads: Iterable[FileStorage]) -> None:
    """Checks files, and draws photographs anew, before a transaction begins: that takes its time."""
    g.checked_files = {upload: _check(upload) for upload in sent(uploads)}


def add(session: Session, action: PlannedAction, upload: FileStorage, **by: Any) -> EvidenceFile:
    """Checks a file and keeps it; `by` is `link_id` or `added_by`. Raises FileError, or FullError."""
    _let_nobody_add(session, action)
    if len(action.files) >= MOST_FILES:
        raise FullError
    checked = g.get("checked_files", {}).get(upload) or _check(upload)
    if isinstance(checked, FileError):
        raise checked
    ring, key = settings().operator_keys, store.new_key()
    kept = EvidenceFile(
        id=uuid4(),
        added_at=clock.now(),
        name=checked.name,
        media_type=checked.kind.media_type,
        size=len(checked.content),
        sha256=sha256(checked.content).hexdigest(),
        wrapped_key=store.wrap(key, ring.newest),
        operator_key=ring.fingerprint,
        **by,
    )
    store.write(kept.id, checked.content, key)
    action.files.append(kept)
    session.flush()
    return kept


def read(file: EvidenceFile) -> Iterator[bytes]:
    """A file's bytes, piece by piece. Raises StoreError, and KeyringError where the operator's key is lacking."""
    return store.read(file.id, store.unwrap(file.wrapped_key, settings().operator_keys.find(file.operator_key)))


def find(action: PlannedAction, file_id: UUID) -> EvidenceFile | None:
    """One of an action's own files."""
    return next((one for one in action.files if one.id == file_id), None)


def kind(file: EvidenceFile) -> str:
    """What sort of file it is: PDF."""
    return next(one.name for one in filetypes.KINDS if one.media_type == file.media_type)


def told(file: EvidenceFile) -> str:
    """What the history says of a file: its name goes with it."""
    return f"{kind(file)}, {languages.file_size(file.size, languages.SOURCE)}"


def rotate(session: Session, ring: Keyring) -> int:
    """Wraps the keys of all files under the newest operator's key; returns how many were under another one.

    Raises KeyringError where a key is lacking, and StoreError where one does not fit.
    """
    older = session.scalars(select(EvidenceFile).where(EvidenceFile.operator_key != ring.fingerprint)).all()
    for file in older:
        key = store.unwrap(file.wrapped_key, ring.find(file.operator_key))
        file.wrapped_key, file.operator_key = store.wrap(key, ring.newest), ring.fingerprint
    session.flush()
    return len(older)


def sweep() -> int:
    """Removes bytes that no row knows any more, and says of which rows the bytes are gone; returns how many it removed.

    What was written within the last hour may belong to a transaction that is not committed yet.
    """
    lying = {path: since for path, since in store.kept().items() if abs(clock.now() - since) > WRITTEN_WITHIN}
    with db.reading() as session:
        known = _known(session, [path.name for path in lying])
        lacking = len(missing(session))
    removed = [path for path in lying if path.name not in known]
    for path in removed:
        path.unlink(missing_ok=True)
    if lacking:
        log.warning("files are missing", missing=lacking)
    return len(removed)


def missing(session: Session) -> list[UUID]:
    """The files whose bytes are not there."""
    lying = {path.name for path in store.kept()}
    return [identity for identity in session.scalars(select(EvidenceFile.id)) if identity.hex not in lying]


def count(session: Session) -> int:
    return session.scalar(select(func.count(EvidenceFile.id))) or 0


def _check(upload: FileStorage) -> Checked | FileError:
    name = filetypes.cleaned(upload.filename or "")
    content = upload.stream.read(most_bytes() + 1)
    if len(content) > most_bytes():
        return FileError(Problem.TOO_LARGE)
    try:
        kind = filetypes.kind_of(name, content)
        return Checked(name, kind, pictures.redrawn(content, kind) if kind.picture else content)
    except FileError as error:
        return error


def _known(session: Session, names: list[str]) -> set[str]:
    """Those of the names that are ids of files."""
    ids = [UUID(name) for name in names if len(name) == 32 and set(name) <= set("0123456789abcdef")]
    found: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        some = select(EvidenceFile.id).where(EvidenceFile.id.in_(ids[start : start + _CHUNK]))
        found |= {one.hex for one in session.scalars(some)}
    return found


def _let_nobody_add(session: Session, action: PlannedAction) -> None:
    """Lets nobody else add a file to this action until the transaction ends, so that they can be counted."""
    session.execute(select(PlannedAction.id).where(PlannedAction.id == action.id).with_for_update())
    session.expire(action, ["files"])


@event.listens_for(EvidenceFile, "after_delete")
def _remove_bytes(_mapper: Mapper[EvidenceFile], _connection: Connection, file: EvidenceFile) -> None:
    """However a file's row goes, its bytes go as soon as that is certain."""
    session = object_session(file)
    if session is not None:
        event.listen(session, "after_commit", partial(_after_commit, file.id), once=True)


def _after_commit(identity: UUID, _session: Session) -> None:
    store.remove([identity])
