"""Fonts and logos that somebody sends: which can be used, and what becomes of them."""

from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans
import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mande.reports.looks import lettering
from mande.reports.looks import logos


@cache
def subset(letters: str) -> bytes:
    font = TTFont(Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf")
    subsetter = Subsetter()
    subsetter.populate(text=letters)
    subsetter.subset(font)
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def own_font(permissions: int = 0, letters: str = lettering.NEEDED, flavor: str | None = None) -> bytes:
    """A small font with these letters, that permits so much (OS/2.fsType)."""
    font = TTFont(BytesIO(subset(letters)))
    font["OS/2"].fsType = permissions
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = 'House "Sans"; }'
    font.flavor = flavor
    made = BytesIO()
    font.save(made)
    return made.getvalue()


@pytest.mark.parametrize(("permissions", "flavor"), [(0, "woff2"), (0x0004, None), (0x0008, None)])
def test_a_font_that_allows_it_is_kept_unpacked_under_its_own_name(permissions: int, flavor: str | None) -> None:
    name, font = lettering.checked(own_font(permissions, flavor=flavor))

    assert name == "House Sans"
    assert font[:4] == b"\0\1\0\0"


@pytest.mark.parametrize("permissions", [0x0002, 0x0100, 0x0208])
def test_a_font_that_forbids_embedding_is_refused(permissions: int) -> None:
    with pytest.raises(lettering.FontError, match="does not allow"):
        lettering.checked(own_font(permissions))


def test_a_font_without_our_letters_and_what_is_no_font_are_refused() -> None:
    whole = own_font()
    bomb = b"wOF2" + bytes(12) + (2**31).to_bytes(4, "big") + bytes(100)

    for data, reason in [
        (own_font(letters="abc"), "no “A”"),
        (whole[: len(whole) // 2], "damaged"),
        (bomb, "too large"),
        (bytes(lettering.MOST_BYTES + 1), "larger than"),
        (b"<svg/>", "not a TTF"),
    ]:
        with pytest.raises(lettering.FontError, match=reason):
            lettering.checked(data)


def picture(size: tuple[int, int], form: str = "PNG") -> bytes:
    made = BytesIO()
    secret = PngInfo()
    secret.add_text("Author", "somebody")
    image = Image.new("RGB", size, "#0f5c6e")
    image.save(made, form, **({"pnginfo": secret} if form == "PNG" else {"comment": b"somebody"}))
    return made.getvalue() + b"somebody"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_logo_is_drawn_anew_without_what_else_its_file_holds(form: str) -> None:
    drawn = logos.redrawn(picture((2400, 600), form))

    with Image.open(BytesIO(drawn)) as opened:
        assert (opened.format, opened.size) == ("PNG", (1600, 400))
    assert b"somebody" not in drawn


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (picture((20, 200)), "too small"),
        (picture((6000, 5000)), "too many points"),
        (picture((200, 200))[:20], "damaged"),
        (bytes(logos.MOST_BYTES + 1), "larger than"),
        (b"GIF89a", "not a PNG"),
    ],
)
def test_what_is_no_usable_logo_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(logos.LogoError, match=reason):
        logos.redrawn(data)
