"""What a press and its owner say to one another: eight bytes of length, then so many bytes."""

from typing import IO

DONE, FAILED = b"\0", b"\1"
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
