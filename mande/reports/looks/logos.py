"""A logo that somebody sends, drawn anew: what is kept is a picture and nothing else."""

from io import BytesIO

from PIL import Image
from PIL import ImageOps

from mande import pdf

MOST_BYTES = 2 * 1024**2
MOST_POINTS = 25_000_000
LARGEST = 1600
"""Pixels of a side: on paper a logo is at most 9 cm wide, so that this is 450 to the inch."""
LEAST = 40


class LogoError(Exception):
    """The logo cannot be used. The text says why."""


def redrawn(data: bytes) -> bytes:
    """The logo as PNG, from a PNG, JPEG or SVG file. An SVG is drawn by the press. Raises LogoError."""
    if len(data) > MOST_BYTES:
        raise LogoError(f"The logo is larger than {MOST_BYTES // 1024**2} MB.")
    if data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        return _picture(data)
    if b"<svg" in data[:4096]:
        return _drawing(data)
    raise LogoError("The logo is not a PNG, JPEG or SVG file.")


def _picture(data: bytes) -> bytes:
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise LogoError("The logo has too many points. Save it smaller.")
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise LogoError("The logo is damaged.") from error
    if min(upright.size) < LEAST:
        raise LogoError(f"The logo is too small: it needs {LEAST} points on each side, and looks better with 400.")
    upright.thumbnail((LARGEST, LARGEST))
    made = BytesIO()
    upright.save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawing(data: bytes) -> bytes:
    try:
        return _picture(pdf.picture(data.decode("utf-8-sig"), LARGEST))
    except (pdf.RenderingError, UnicodeDecodeError) as error:
        raise LogoError("The logo could not be drawn: the SVG file is damaged, or refers to other files.") from error
