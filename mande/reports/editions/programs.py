"""Which programs make a PDF: what must be the same for the same bytes to come of the same document."""

import ctypes
import ctypes.util
import platform
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError
from importlib.metadata import distributions
from importlib.metadata import version
from pathlib import Path

from mande.config import ROOT

PACKAGES = (
    "weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "pillow", "zopfli", "brotli",
    "babel", "jinja2", "markdown-it-py", "nh3",
)  # fmt: skip
FONTS = "fontpkg-"
LIBRARIES = (("pango-1.0", "pango_version_string"), ("harfbuzz", "hb_version_string"))
_FOLDERS = ("templates/reports", "mande/reports", "mande/pdf", "mande/translations")
_KINDS = (".html", ".css", ".py", ".mo", ".ttf", ".woff2")


@cache
def made_with() -> str:
    """The programs of this installation that a PDF depends on, with their versions, in one line."""
    parts = [f"mande {_version('mande')}+{_shape()}", f"python {platform.python_version()}"]
    fonts = sorted({one.name for one in distributions() if one.name.startswith(FONTS)})
    parts += [f"{name} {_version(name)}" for name in (*PACKAGES, *fonts)]
    parts += [f"{name} {_library(name, function)}" for name, function in LIBRARIES]
    return ", ".join(parts)


def changed(then: str) -> list[str]:
    """What is another version now than it was then: "weasyprint 70.0 (now 71.0)"."""
    now = dict(part.split(" ", 1) for part in made_with().split(", "))
    known = dict(part.split(" ", 1) for part in then.split(", ") if " " in part)
    names = [*known, *(name for name in now if name not in known)]
    return [
        f"{name} {known.get(name, 'unknown')} (now {now.get(name, 'unknown')})"
        for name in names
        if known.get(name) != now.get(name)
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _library(name: str, function: str) -> str:
    """The version of a library of the system, which tells it by a function of its own."""
    found = ctypes.util.find_library(name)
    try:
        tell = getattr(ctypes.CDLL(found or ""), function)
    except (OSError, AttributeError):
        return "unknown"
    tell.restype = ctypes.c_char_p
    told: bytes = tell()
    return told.decode()


def _shape() -> str:
    """A digest of all files of ours that shape a document: a version number does not change with each of them."""
    digest = sha256()
    for path in sorted(_files()):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _files() -> Iterator[Path]:
    for folder in _FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in _KINDS and path.is_file())
