"""Words in drawings, set as words.

WeasyPrint sets the text of an SVG letter by letter, each in its place, so that Arabic letters would stand unjoined and
in the wrong order. Where a drawing gives no places of single letters, the whole text is set as if it were one letter:
then Pango joins and orders it.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint import svg

_OF_LETTERS = ("dx", "dy", "rotate", "letter-spacing", "textLength")


class _Whole(str):
    """A text that is one letter to whoever goes through it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def set_whole() -> None:
    """Has the drawings of this process set their words so."""
    plain = svg.TAGS["text"]

    def text(drawing: Any, node: Any, font_size: float) -> None:
        if node.text and not any(name in node.attrib for name in _OF_LETTERS) and _one_place(node):
            node._etree_node.text = _Whole(node.text)
        plain(drawing, node, font_size)

    # It is also by this name that a drawing asks whether a part of it is text.
    svg.text = text
    svg.TAGS |= {"text": text, "tspan": text}


def _one_place(node: Any) -> bool:
    return all(len(node.attrib.get(name, "").replace(",", " ").split()) <= 1 for name in ("x", "y"))
