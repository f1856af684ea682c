"""The return path of one message: the bounce address with the message's id in it, so that what comes back tells of
which message it is, whatever the other server has kept of it (VERP).

    bounces@example.org  ->  bounces+<id and check, 36 letters>@example.org

The check is a keyed hash of the id: whoever writes to a guessed address is not believed.
"""

import base64
import binascii
import hmac
from hashlib import blake2b
from uuid import UUID

CHECK_BYTES = 6
_ID_BYTES = 16
_LENGTH = 36  # of base32, without the padding, for 22 bytes
_PADDING = "===="


def key_of(secret: str) -> bytes:
    """The key of the checks, from the installation's secret key."""
    return blake2b(secret.encode(), digest_size=32, person=b"mande-verp").digest()


def make(bounce_address: str, message: UUID, key: bytes) -> str:
    """The return path of a message. `bounce_address` is one in ASCII, its local part of at most 24 characters."""
    local, _at, domain = bounce_address.rpartition("@")
    code = base64.b32encode(message.bytes + _check(message, key)).decode().rstrip("=").lower()
    return f"{local}+{code}@{domain}"


def read(bounce_address: str, address: str, key: bytes) -> UUID | None:
    """The message whose return path `address` is; None where it is none of ours, or forged. Capitals do not matter."""
    local, _at, domain = bounce_address.lower().rpartition("@")
    head, _at, host = address.strip().strip("<>").lower().rpartition("@")
    name, _plus, code = head.rpartition("+")
    if (name, host) != (local, domain) or len(code) != _LENGTH:
        return None
    try:
        raw = base64.b32decode(code.upper() + _PADDING)
    except (binascii.Error, ValueError):
        return None
    message = UUID(bytes=raw[:_ID_BYTES])
    return message if hmac.compare_digest(raw[_ID_BYTES:], _check(message, key)) else None


def _check(message: UUID, key: bytes) -> bytes:
    return blake2b(message.bytes, digest_size=CHECK_BYTES, key=key, person=b"mande-verp").digest()
