"""Which files are taken as evidence: told by name and by content together. Pure.

What a file is called and what it holds must agree, and its kind must be one of a short list of which none is a program,
a page, or an office document with macros. Nothing here opens a file further than is needed to tell.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

LONGEST_NAME = 120
# An office document unpacks to a few times its size; what unpacks to so much more is there to fill a disk.
MOST_UNPACKED = 500 * 1024**2
MOST_MEMBERS = 20_000
_LONGEST_LISTING = 4 * 1024**2

_FORBIDDEN = re.compile(r'[<>:"|?*%]')
# Names that some systems take for a device.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_PAGE = re.compile(rb"\s*(<|#!|\{\\rtf|%!)")


class Problem(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    KIND = "kind"
    CONTENT = "content"
    MACROS = "macros"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"


class FileError(Exception):
    """The file is not taken; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken. `endings` are what its name may end in, the usual one first.

    `check` raises FileError for content that is not of this kind. Of a `picture` everything but the picture goes.
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    check: Callable[[bytes], None]
    picture: bool = False


def kind_of(name: str, content: bytes) -> Kind:
    """The kind of a file whose name is clean (see `cleaned`) and whose content agrees. Raises FileError."""
    kind = BY_ENDING.get(ending(name))
    if kind is None:
        raise FileError(Problem.KIND)
    if not content:
        raise FileError(Problem.EMPTY)
    kind.check(content)
    return kind


def ending(name: str) -> str:
    """What a name ends in, in lower case without the point; "" for nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def cleaned(name: str) -> str:
    """A name without folders, control characters, and marks that make it look like another one.

    At most LONGEST_NAME characters, the ending kept. "file" stands in for a name of which nothing is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if one.isspace() else one for one in last if _is_visible(one))
    plain = " ".join(_FORBIDDEN.sub("_", visible).split()).strip(". ")
    stem, point, end = plain.rpartition(".")
    if not point:
        stem, end = plain, ""
    stem = stem.strip(". ") or "file"
    if _DEVICE.fullmatch(stem.partition(".")[0]):
        stem = f"_{stem}"
    end = end.strip()[:10]
    return f"{stem[: LONGEST_NAME - len(end) - 1].rstrip('. ')}.{end}" if end else stem[:LONGEST_NAME]


def _is_visible(one: str) -> bool:
    """Neither a control nor a format character (marks of direction, of no width), nor of no meaning at all."""
    return one.isspace() or unicodedata.category(one) not in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def _begins_with(*magic: bytes, within: int = 0) -> Callable[[bytes], None]:
    def check(content: bytes) -> None:
        if not any(0 <= content[: within + len(one)].find(one) <= within for one in magic):
            raise FileError(Problem.CONTENT)

    return check


def _check_webp(content: bytes) -> None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise FileError(Problem.CONTENT)


def _office(main: str) -> Callable[[bytes], None]:
    """Office Open XML: its main part is where it belongs, and there is neither a macro nor a control in it."""

    def check(content: bytes) -> None:
        with _opened(content) as archive:
            names = {one.lower() for one in archive.namelist()}
            if "[content_types].xml" not in names or main not in names:
                raise FileError(Problem.CONTENT)
            listing = _member(archive, "[Content_Types].xml").lower()
            remote = any(
                b"attachedtemplate" in (text := _member(archive, one).lower()) and b'"external"' in text
                for one in archive.namelist()
                if one.lower().endswith("settings.xml.rels")
            )
            if remote or b"macroenabled" in listing or any(map(_is_active, names)):
                raise FileError(Problem.MACROS)

    return check


def _is_active(name: str) -> bool:
    base = name.rpartition("/")[2]
    return (
        base.startswith(("vbaproject", "vbadata", "oleobject"))
        or "/activex/" in name
        or "/macrosheets/" in name
        or (("/embeddings/" in name) and ending(base) not in ("docx", "xlsx", "pptx", ""))
    )


def _open_document(media_type: str) -> Callable[[bytes], None]:
    """OpenDocument: it says itself what it is, and there is neither a macro nor a script in it."""

    def check(content: bytes) -> None:
        with _opened(content) as archive:
            if "mimetype" not in archive.namelist() or _member(archive, "mimetype").strip() != media_type.encode():
                raise FileError(Problem.CONTENT)
            if any(one.lower().startswith(("basic/", "scripts/")) for one in archive.namelist()):
                raise FileError(Problem.MACROS)

    return check


def _opened(content: bytes) -> zipfile.ZipFile:
    if content[:4] != b"PK\x03\x04":
        raise FileError(Problem.CONTENT)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileError(Problem.DAMAGED) from error
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise FileError(Problem.TOO_LARGE)
    if any(one.flag_bits & 1 for one in members):  # encrypted: what is in it cannot be seen
        raise FileError(Problem.CONTENT)
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    found = next(one for one in archive.namelist() if one.lower() == name.lower())
    try:
        with archive.open(found) as member:
            return member.read(_LONGEST_LISTING)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise FileError(Problem.DAMAGED) from error


def _check_text(content: bytes) -> None:
    """Words, in an encoding that is still met with; nothing that a program would take for a page or a script."""
    text = _decoded(content)
    if any(ord(one) < 32 and one not in "\t\n\r\f" for one in text):
        raise FileError(Problem.CONTENT)
    if _PAGE.match(text[:1000].encode()):
        raise FileError(Problem.CONTENT)


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(Problem.CONTENT)


_WORD = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

KINDS = (
    Kind("PDF", "application/pdf", ("pdf",), _begins_with(b"%PDF-", within=1024)),
    Kind("JPEG", "image/jpeg", ("jpg", "jpeg"), _begins_with(b"\xff\xd8\xff"), picture=True),
    Kind("PNG", "image/png", ("png",), _begins_with(b"\x89PNG\r\n\x1a\n"), picture=True),
    Kind("WebP", "image/webp", ("webp",), _check_webp, picture=True),
    Kind("Word", f"{_WORD}wordprocessingml.document", ("docx",), _office("word/document.xml")),
    Kind("Excel", f"{_WORD}spreadsheetml.sheet", ("xlsx",), _office("xl/workbook.xml")),
    Kind("PowerPoint", f"{_WORD}presentationml.presentation", ("pptx",), _office("ppt/presentation.xml")),
    Kind("OpenDocument", f"{_OPEN}text", ("odt",), _open_document(f"{_OPEN}text")),
    Kind("OpenDocument", f"{_OPEN}spreadsheet", ("ods",), _open_document(f"{_OPEN}spreadsheet")),
    Kind("OpenDocument", f"{_OPEN}presentation", ("odp",), _open_document(f"{_OPEN}presentation")),
    Kind("text", "text/plain", ("txt",), _check_text),
    Kind("CSV", "text/csv", ("csv",), _check_text),
)
BY_ENDING = {one: kind for kind in KINDS for one in kind.endings}
# What a page's field for files offers.
ACCEPT = ",".join(f".{one}" for one in BY_ENDING)
