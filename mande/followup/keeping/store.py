"""Where the bytes of files lie: under the var folder, named by their id alone, readable by the program alone.

Each file is encrypted under a key of its own (XChaCha20-Poly1305, libsodium's secretstream). That key stands in the
file's row, wrapped by the operator's key. So the folder and its backups tell nothing without the database, nor both
without the operator's key; and where a row is gone, the bytes are noise at once, in every backup of the folder too.
"""

import os
import secrets
from collections.abc import Collection
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from mande import clock
from mande.web import settings

CHUNK = 64 * 1024
_SEALED = CHUNK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class StoreError(Exception):
    """The bytes are not there, or not as they were written. The text says which."""


def new_key() -> bytes:
    return bindings.crypto_secretstream_xchacha20poly1305_keygen()


def wrap(key: bytes, operator_key: bytes) -> bytes:
    return bytes(SecretBox(operator_key).encrypt(key))


def unwrap(wrapped: bytes, operator_key: bytes) -> bytes:
    """A file's key. Raises StoreError where it was not wrapped with this operator's key."""
    try:
        return SecretBox(operator_key).decrypt(wrapped)
    except CryptoError as error:
        raise StoreError("the file's key was not wrapped with this operator's key") from error


def write(identity: UUID, content: bytes, key: bytes) -> None:
    """Keeps the bytes, encrypted: all of them, or none."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{identity.hex}.{secrets.token_hex(4)}.part"
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for sealed in _encrypted(content, key):
            file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    # The age of a file is told by our clock, which a demonstration moves, and not by the file system's.
    os.utime(part, (clock.now().timestamp(),) * 2)
    part.replace(folder / identity.hex)


def read(identity: UUID, key: bytes) -> Iterator[bytes]:
    """The bytes, piece by piece. Raises StoreError at once where the file is not there or its beginning is not as it
    was written, and later where the rest is not: nobody gets half a file without an error.
    """
    try:
        file = (_folder() / identity.hex).open("rb")
    except FileNotFoundError as error:
        raise StoreError("the file's bytes are not there") from error
    pieces = _pieces(file, key)
    first = next(pieces)
    return _after(first, pieces)


def remove(ids: Collection[UUID]) -> None:
    for identity in ids:
        (_folder() / identity.hex).unlink(missing_ok=True)


def exists(identity: UUID) -> bool:
    return (_folder() / identity.hex).is_file()


def kept() -> dict[Path, datetime]:
    """Every file in the folder, half-written ones too, and since when it lies there."""
    return {path: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in _folder().glob("*") if path.is_file()}


def _encrypted(content: bytes, key: bytes) -> Iterator[bytes]:
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    yield bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    for start in range(0, len(content), CHUNK):
        tag = _MORE if start + CHUNK < len(content) else _LAST
        piece = content[start : start + CHUNK]
        yield bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, None, tag)


def _pieces(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    with file:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        tag = _MORE
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, file.read(_HEADER), key)
            while tag != _LAST:
                piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, file.read(_SEALED))
                yield piece
        except (CryptoError, ValueError, TypeError) as error:
            raise StoreError("the file's bytes are not as they were written") from error


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _folder() -> Path:
    return settings().var / "evidence"
