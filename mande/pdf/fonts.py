"""The fonts of our documents, which come with the program: a document looks the same anywhere."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

import fontpkg_ibm_plex_sans_arabic
import fontpkg_noto_sans
import fontpkg_noto_serif

LATIN = "Noto Sans"
SERIF = "Noto Serif"
ARABIC = "IBM Plex Sans Arabic"
"""Each form of a letter is one glyph in it. Noto puts letters together from a body and dots, which different letters
share, so that what is copied from a PDF, or read aloud from it, would be other letters.
"""
FAMILIES = (LATIN, SERIF)
"""What a report can be set in: each has Latin, Greek and Cyrillic letters. Arabic ones are always those of ARABIC."""

_ANY = "100 900"
_FILES = (
    (LATIN, "normal", _ANY, fontpkg_noto_sans, "NotoSans[wdth,wght].ttf"),
    (LATIN, "italic", _ANY, fontpkg_noto_sans, "NotoSans-Italic[wdth,wght].ttf"),
    (SERIF, "normal", _ANY, fontpkg_noto_serif, "NotoSerif[wdth,wght].ttf"),
    (SERIF, "italic", _ANY, fontpkg_noto_serif, "NotoSerif-Italic[wdth,wght].ttf"),
    (ARABIC, "normal", "300", fontpkg_ibm_plex_sans_arabic, "IBMPlexSansArabic-Light.ttf"),
    (ARABIC, "normal", "400", fontpkg_ibm_plex_sans_arabic, "IBMPlexSansArabic-Regular.ttf"),
    (ARABIC, "normal", "600", fontpkg_ibm_plex_sans_arabic, "IBMPlexSansArabic-SemiBold.ttf"),
)


def folders() -> tuple[Path, ...]:
    """Where the files are, which a document may load."""
    return tuple(dict.fromkeys(Path(package.ROOT).resolve() for _name, _style, _weight, package, _file in _FILES))


@cache
def faces(families: tuple[str, ...] = (LATIN, ARABIC)) -> str:
    """@font-face rules of these families, by file. Each that a page names has to be loaded, used or not."""
    rules = []
    for name, style, weight, package, file in _FILES:
        if name in families:
            url = f"file://{quote(str(Path(package.ROOT) / 'files' / file))}"
            what = f'font-family: "{name}"; font-style: {style}; font-weight: {weight}'
            rules.append(f'@font-face {{ {what}; src: url("{url}"); }}')
    return "\n".join(rules) + "\n"
