"""What a press is asked for, as bytes for the pipe: a page to print with the files that go with it, or a picture."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

_LENGTH = 8


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF. `at` stands for when it was made, so that the same input gives the same bytes.

    `relationship` to the document is one of PDF/A-3's: Data (what its figures were drawn from), Source, Supplement,
    Alternative or Unspecified.
    """

    name: str
    media_type: str
    data: bytes
    at: datetime
    description: str = ""
    relationship: str = "Data"


@dataclass(frozen=True)
class Progress:
    """How far a document has come: step `step` of `steps`, and the page that is being laid out, from 1 (0: none)."""

    step: int
    steps: int
    page: int


@dataclass(frozen=True)
class Job:
    """A page of HTML, or, with a `width` in pixels, a picture as SVG. `files` are what the page may refer to."""

    text: str
    attached: Sequence[Attached] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    width: int = 0


def pack(job: Job) -> bytes:
    """The job in a line of JSON after its length, and its files one after another."""
    head = {
        "text": job.text,
        "width": job.width,
        "files": [[address, len(data)] for address, data in job.files.items()],
        "attached": [
            [one.name, one.media_type, one.at.isoformat(), one.description, one.relationship, len(one.data)]
            for one in job.attached
        ],
    }
    said = json.dumps(head).encode()
    parts = [*job.files.values(), *(one.data for one in job.attached)]
    return b"".join([len(said).to_bytes(_LENGTH, "big"), said, *parts])


def unpack(packed: bytes) -> Job:
    """The job that was packed."""
    begin = _LENGTH + int.from_bytes(packed[:_LENGTH], "big")
    head = json.loads(packed[_LENGTH:begin])

    def part(length: int) -> bytes:
        nonlocal begin
        begin += length
        return packed[begin - length : begin]

    files = {address: part(length) for address, length in head["files"]}
    attached = [
        Attached(name, media_type, part(length), datetime.fromisoformat(at), description, relationship)
        for name, media_type, at, description, relationship, length in head["attached"]
    ]
    return Job(head["text"], attached, files, head["width"])
