"""Keys that live in the environment, never in the database: a list, the newest first.

A key is 32 random bytes, written as 64 hexadecimal digits. The database remembers only fingerprints, so that a
program started with the wrong key can say so instead of failing later.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

KEY_BYTES = 32


class KeyringError(Exception):
    """A key is malformed, or the one that is asked for is not on the ring. The text says what to do."""


def new_key() -> str:
    """A fresh key as 64 hexadecimal digits."""
    return secrets.token_hex(KEY_BYTES)


def fingerprint(key: bytes) -> str:
    """What the database may know of a key: 16 hexadecimal digits from which the key cannot be found."""
    return blake2b(key, digest_size=8, person=b"mande-key-print").hexdigest()


@dataclass(frozen=True)
class Keyring:
    """Keys of one purpose, the newest first. The newest makes; all of them open."""

    purpose: str
    keys: tuple[bytes, ...]

    @classmethod
    def parse(cls, purpose: str, text: str) -> "Keyring":
        """Reads keys in hexadecimal, separated by commas, the newest first. Raises KeyringError."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not parts:
            raise KeyringError(f"{purpose} holds no key. Make one with `mande keys new`.")
        try:
            keys = tuple(bytes.fromhex(part) for part in parts)
        except ValueError as error:
            raise KeyringError(f"{purpose} is not hexadecimal. Make a key with `mande keys new`.") from error
        if any(len(key) != KEY_BYTES for key in keys):
            raise KeyringError(f"Each key in {purpose} has {2 * KEY_BYTES} hexadecimal digits. See `mande keys new`.")
        return cls(purpose, keys)

    @property
    def newest(self) -> bytes:
        return self.keys[0]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the newest key."""
        return fingerprint(self.newest)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.keys)

    def __repr__(self) -> str:
        return f"Keyring({self.purpose}, {[fingerprint(key) for key in self.keys]})"

    def find(self, wanted: str) -> bytes:
        """The key with this fingerprint. Raises KeyringError, which names the fingerprint, where there is none."""
        for key in self.keys:
            if fingerprint(key) == wanted:
                return key
        raise KeyringError(
            f"The key with fingerprint {wanted} is not in {self.purpose}. "
            "Put it back at the end of the list: what it protects cannot be opened without it."
        )
