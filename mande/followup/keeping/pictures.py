"""Photographs without what cameras write into them: where, when, by whom and with what they were taken.

A picture is drawn anew from its points and its colours, so that nothing else that a file may carry survives: neither
its metadata nor a thumbnail, a sound or a second file behind its end.
"""

from io import BytesIO
from typing import Any

from PIL import Image
from PIL import ImageOps

from mande.followup.keeping.filetypes import FileError
from mande.followup.keeping.filetypes import Kind
from mande.followup.keeping.filetypes import Problem

# A telephone's largest photographs have 50 million points; each takes up to 4 bytes while it is drawn.
MOST_POINTS = 60_000_000
_HOW: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90, "comment": b""}, "PNG": {}, "WebP": {"quality": 90}}


def redrawn(content: bytes, kind: Kind) -> bytes:
    """The picture alone, the right way up, in the same format. Raises FileError for what is none, or moves."""
    try:
        with Image.open(BytesIO(content), formats=(kind.name.upper(),)) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise FileError(Problem.TOO_LARGE)
            if getattr(opened, "n_frames", 1) > 1 and kind.name != "JPEG":
                raise FileError(Problem.CONTENT)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except FileError:
        raise
    # Damage shows as any of these, depending on where it is.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise FileError(Problem.DAMAGED) from error
    upright.info = {name: upright.info[name] for name in ("icc_profile", "transparency") if name in upright.info}
    drawn = BytesIO()
    upright.save(drawn, kind.name.upper(), **_HOW[kind.name])
    return drawn.getvalue()
