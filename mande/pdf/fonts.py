"""The fonts of our documents, which come with the program: a document looks the same anywhere."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic

LATIN, ARABIC = "Noto Sans", "Noto Sans Arabic"

_FILES = (
    (LATIN, "normal", fontpkg_noto_sans, "NotoSans[wdth,wght].ttf"),
    (LATIN, "italic", fontpkg_noto_sans, "NotoSans-Italic[wdth,wght].ttf"),
    (ARABIC, "normal", fontpkg_noto_sans_arabic, "NotoSansArabic[wdth,wght].ttf"),
)


def folders() -> tuple[Path, ...]:
    """Where the files are, which a document may load."""
    return tuple(dict.fromkeys(Path(package.ROOT).resolve() for _name, _style, package, _file in _FILES))


@cache
def faces() -> str:
    """@font-face rules, by file: Latin, Greek and Cyrillic letters, and Arabic ones."""
    rules = []
    for name, style, package, file in _FILES:
        url = f"file://{quote(str(Path(package.ROOT) / 'files' / file))}"
        rules.append(
            f'@font-face {{ font-family: "{name}"; font-style: {style}; font-weight: 100 900; src: url("{url}"); }}'
        )
    return "\n".join(rules) + "\n"
