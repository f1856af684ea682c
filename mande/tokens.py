"""Personal links: what is derived from what.

    token   = HMAC-SHA256(link key, subject id || nonce), 128 bits, in lower-case base32 (26 characters)
    digest  = what the database stores to recognise a token
    locator = where the ballot box of this token's response lies
    box key = what opens it for the holder of the link
    code    = eight digits for somebody to type, of a token that is in no link

Each is a one-way function of the token (BLAKE2b, personalised), so none of them leads to another.
"""

import base64
import hmac
import re
import secrets
import unicodedata
from hashlib import blake2b
from uuid import UUID

TOKEN_BYTES = 16
NONCE_BYTES = 16
# The code on a card that is handed out in the room.
CARD = b"card"
TOKEN_LENGTH = 26
_WELL_FORMED = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")
_NOT_ITS_OWN = re.compile(r"[^a-z0-9]")
CODE_LENGTH = 8
# Whoever copies a token by hand may write these; it has neither digit of its own.
_MISTAKEN = str.maketrans("08", "ob")


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def derive(link_key: bytes, subject: UUID, nonce: bytes, purpose: bytes = b"") -> str:
    """The token of a link about `subject` (an invitation, or a person's follow-up at an event).

    Tokens for different purposes do not lead to one another.
    """
    mac = hmac.digest(link_key, subject.bytes + nonce + purpose, "sha256")[:TOKEN_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower()


def normalise(text: str) -> str | None:
    """The token that `text` means; None where it cannot be one.

    What mail programs and hands do to a token is forgiven: capitals, blanks, soft line breaks ("=" and a new line),
    invisible and wide characters, the sentence's or a quotation's marks around it, a nought for the letter o.
    """
    token = reduced(text)
    return token if _WELL_FORMED.fullmatch(token) else None


def reduced(text: str) -> str:
    """The letters and digits of `text` that could be a token's, in lower case."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _NOT_ITS_OWN.sub("", plain.lower()).translate(_MISTAKEN)


def digest(token: str) -> bytes:
    """32 bytes by which the database recognises the token."""
    return _one_way(token, b"mande-token")


def locator(token: str) -> bytes:
    """32 bytes: the hashed locator of the token's ballot box."""
    return _one_way(token, b"mande-locator")


def box_key(token: str) -> bytes:
    """32 bytes: the key with which the holder of the link opens the ballot box."""
    return _one_way(token, b"mande-box-key")


def code(token: str) -> str:
    """Eight digits, to be typed by whoever was sent them."""
    return f"{int.from_bytes(_one_way(token, b'mande-code')) % 10**CODE_LENGTH:0{CODE_LENGTH}d}"


def _one_way(token: str, purpose: bytes) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=purpose).digest()
