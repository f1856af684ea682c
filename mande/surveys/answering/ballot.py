"""The ballot box: one sealed response while its survey is open.

    payload        the response as JSON, padded to whole blocks, encrypted under a key of its own (SecretBox)
    key for link   that key, encrypted under a key derived from the link's token: resume, change, withdraw
    key for survey that key, encrypted to the survey's public key (SealedBox): opened once, at closing

The survey's private key is in turn encrypted under the operator's key, which the database does not hold. A payload
names the locator of its box, so that a box copied to another place does not open: nobody votes twice by copying a row.
All of the cryptography is libsodium's, through PyNaCl.
"""

import json
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Literal
from typing import Protocol
from uuid import UUID

from nacl.bindings import sodium_pad
from nacl.bindings import sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.public import PublicKey
from nacl.public import SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from mande import tokens
from mande.surveys.questionnaires.answers import Answers

Route = Literal["full", "short"]

# With up to about 7,000 characters a response is one block: the size of a box does not tell who wrote and who did not.
BLOCK = 8192


class BoxError(Exception):
    """A box or a key did not open: damaged, put in another's place, or not made for this key."""


@dataclass
class Response:
    """What one person answered. `answers` is keyed by item code; `invitation` is kept in named surveys only.

    `unasked` are the codes of the questions that this person was not asked when they submitted, and "@meeting" for the
    meetings that they did not attend.
    """

    answers: Answers = field(default_factory=dict)
    strata: dict[str, str] = field(default_factory=dict)
    submitted: bool = False
    unasked: list[str] = field(default_factory=list)
    route: Route = "full"
    invitation: UUID | None = None


class Sealed(Protocol):
    """A row of the ballot box, or what is to become one."""

    @property
    def locator(self) -> bytes: ...
    @property
    def sealed(self) -> bytes: ...
    @property
    def key_for_link(self) -> bytes: ...
    @property
    def key_for_survey(self) -> bytes: ...


@dataclass(frozen=True)
class Box:
    locator: bytes
    sealed: bytes
    key_for_link: bytes
    key_for_survey: bytes


def seal(response: Response, token: str, public_key: bytes) -> Box:
    """Encrypts `response` for the holder of `token` and for the survey with this public key, under a fresh key."""
    key = random(SecretBox.KEY_SIZE)
    locator = tokens.locator(token)
    return Box(
        locator=locator,
        sealed=bytes(SecretBox(key).encrypt(sodium_pad(_write(response, locator), BLOCK))),
        key_for_link=bytes(SecretBox(tokens.box_key(token)).encrypt(key)),
        key_for_survey=SealedBox(PublicKey(public_key)).encrypt(key),
    )


def open_with_link(box: Sealed, token: str) -> Response:
    """The response, for the holder of the link. Raises BoxError."""
    try:
        key = SecretBox(tokens.box_key(token)).decrypt(box.key_for_link)
    except CryptoError as error:
        raise BoxError("This link does not open this box.") from error
    return _open(box, key)


class SurveyOpener:
    """Opens the boxes of a survey with its private key, at closing."""

    def __init__(self, private_key: bytes) -> None:
        self._key = SealedBox(PrivateKey(private_key))

    def open(self, box: Sealed) -> Response:
        """The response. Raises BoxError."""
        try:
            key = self._key.decrypt(box.key_for_survey)
        except CryptoError as error:
            raise BoxError("The survey's key does not open this box.") from error
        return _open(box, key)


def new_survey_key() -> tuple[bytes, bytes]:
    """A fresh pair of keys for a survey: public, private."""
    private = PrivateKey.generate()
    return bytes(private.public_key), bytes(private)


def wrap(private_key: bytes, operator_key: bytes) -> bytes:
    """A survey's private key, as the database may hold it."""
    return bytes(SecretBox(operator_key).encrypt(private_key))


def unwrap(wrapped: bytes, operator_key: bytes) -> bytes:
    """A survey's private key. Raises BoxError where it was not wrapped with this operator's key."""
    try:
        return SecretBox(operator_key).decrypt(wrapped)
    except CryptoError as error:
        raise BoxError("The operator's key does not open this survey's key.") from error


def _open(box: Sealed, key: bytes) -> Response:
    try:
        content = json.loads(sodium_unpad(SecretBox(key).decrypt(box.sealed), BLOCK))
    except (CryptoError, ValueError) as error:
        raise BoxError("The box is damaged.") from error
    if content.pop("box") != box.locator.hex():
        raise BoxError("The box lies in another's place.")
    invitation = content.pop("invitation")
    return Response(**content, invitation=UUID(invitation) if invitation else None)


def _write(response: Response, locator: bytes) -> bytes:
    content: dict[str, Any] = {
        "answers": response.answers,
        "box": locator.hex(),
        "invitation": response.invitation.hex if response.invitation else None,
        "route": response.route,
        "strata": response.strata,
        "submitted": response.submitted,
        "unasked": response.unasked,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
