"""How much room words take in a picture, near enough to place and break them. Pure.

The widths are those of Noto Sans in parts of its size, a little generous: other fonts take less.
"""

import unicodedata

_NARROW, _SLIM, _WIDE = 0.29, 0.43, 0.93
_WIDTHS = {
    **dict.fromkeys("iljI.,;:'|!()[] ’‘·\u00a0\u202f", _NARROW),
    **dict.fromkeys('frt-–/"“”', _SLIM),
    **dict.fromkeys("mwMW%@—…", _WIDE),
}
_USUAL, _CAPITAL, _FULL = 0.58, 0.69, 1.0
_FORMATTING = ("Cf", "Mn")


def width(text: str, size: float) -> float:
    """The width of one line, in the unit of `size`."""
    return size * sum(map(_of, text))


def wrapped(text: str, size: float, room: float, most: int = 2) -> list[str]:
    """The text in lines that fit into `room`; `most` lines at most, the last of which may end in an ellipsis."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines += _cut(word, size, room)
    lines = lines if lines[0] else lines[1:] or [""]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _ended(lines[most - 1], size, room)]


def _cut(word: str, size: float, room: float) -> list[str]:
    """A word in pieces that fit, most often in one."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _ended(line: str, size: float, room: float) -> str:
    while line and width(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip(" ,;:") + "…"


def _of(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.category(letter) in _FORMATTING:
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    return _CAPITAL if letter.isupper() else _USUAL
