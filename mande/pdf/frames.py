"""What a press and its owner say to one another: eight bytes of length, then so many bytes.

An answer begins with what it is: DONE and the file, FAILED and why, or TOLD and how far it has come.
"""

from typing import IO

DONE, FAILED, TOLD = b"\0", b"\1", b"\2"
_LENGTH = 8


def read(stream: IO[bytes]) -> bytes | None:
    """The next frame; None where the stream ends before or within it."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "big")
    body = stream.read(length)
    return body if len(body) == length else None


def write(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.flush()
