"""Whether a font that somebody sends can be used for reports, and what it is called. Pure."""

import re
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib import TTLibError

MOST_BYTES = 4 * 1024**2
MOST_UNPACKED = 24 * 1024**2

NEEDED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-()%"

_KINDS = (b"\0\1\0\0", b"OTTO", b"true", b"wOF2")
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
# What OS/2.fsType forbids: embedding at all, embedding a part of the letters, embedding outlines.
_RESTRICTED, _MAY_BE_SEEN, _MAY_BE_EDITED = 0x0002, 0x0004, 0x0008
_NO_SUBSETTING, _BITMAPS_ONLY = 0x0100, 0x0200


class FontError(Exception):
    """The font cannot be used. The text says why."""


def checked(data: bytes) -> tuple[str, bytes]:
    """The family's name, and the font as TrueType or OpenType. Raises FontError.

    Whether a font may be embedded is told by the field fsType of its OS/2 table (OpenType specification 1.9).
    """
    if len(data) > MOST_BYTES:
        raise FontError(f"The font is larger than {MOST_BYTES // 1024**2} MB.")
    if data[:4] not in _KINDS:
        raise FontError("The font is not a TTF, OTF or WOFF2 file.")
    # What a WOFF2 file says that it unpacks to stands at the 16th byte.
    if data[:4] == b"wOF2" and int.from_bytes(data[16:20], "big") > MOST_UNPACKED:
        raise FontError("The font is too large.")
    try:
        font = TTFont(BytesIO(data), lazy=False)
        _may_be_embedded(font["OS/2"].fsType)
        missing = [letter for letter in NEEDED if ord(letter) not in font.getBestCmap()]
        name = _family(font)
        font.flavor = None
        made = BytesIO()
        font.save(made)
    except FontError:
        raise
    except (TTLibError, KeyError, ValueError, TypeError, AttributeError, AssertionError, OverflowError, LookupError,
            EOFError, MemoryError) as error:  # fmt: skip
        raise FontError("The font is damaged.") from error
    if missing:
        raise FontError(f"The font has no “{missing[0]}”: it cannot set a report.")
    return name, made.getvalue()


def _may_be_embedded(permissions: int) -> None:
    allowed = permissions & (_MAY_BE_SEEN | _MAY_BE_EDITED) or not permissions & _RESTRICTED
    if not allowed or permissions & (_NO_SUBSETTING | _BITMAPS_ONLY):
        raise FontError("The font does not allow to be put into documents. Its maker may give you a licence that does.")


def _family(font: Any) -> str:
    names = font["name"]
    said = names.getDebugName(_TYPOGRAPHIC_FAMILY) or names.getDebugName(_FAMILY) or ""
    return re.sub(r"[^\w .-]", "", said).strip()[:80] or "Own font"
