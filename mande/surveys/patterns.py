"""The page of a section, drawn once by its template and then filled in for each person.

Everything on the page but the token and the answers is the same for everybody who is asked. So the template is drawn
with marks where these belong, and cut at the marks; a request joins the pieces. What is filled in is escaped, and is
never searched for marks; a pattern itself holds nothing of anybody.
"""

import re
import secrets
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Mapping
from typing import Any

from flask import current_app
from markupsafe import escape

from mande.surveys.forms import PREFIX

# Nobody can guess it, so no text of a questionnaire or an event contains it; and it passes unchanged into an address.
_MARK = secrets.token_hex(8)
_MARKS = re.compile(rf"{_MARK}-(\d+)-")

# What belongs in a place: (code, value) of something to choose, (code, None) of a text, or the token.
Place = tuple[str, str | None]
TOKEN: Place = ("", None)


class Pattern:
    """A page with places. `draw` is given what stands in for the token and for the form, and returns the HTML."""

    def __init__(self, draw: Callable[[str, "Marks"], str]) -> None:
        marks = Marks()
        self._pieces = _MARKS.split(draw(marks.leave(TOKEN), marks))
        self._places = [marks.places[int(number)] for number in self._pieces[1::2]]

    def fill(self, token: str, answers: Mapping[str, Any]) -> str:
        """The page of whoever holds `token` and has given these answers."""
        filled: dict[Place, str] = {}
        for code, value in answers.items():
            if isinstance(value, str):
                filled[code, None] = escape(value)
            filled |= {(code, chosen): " checked" for chosen in ([value] if isinstance(value, str) else value)}
        filled[TOKEN] = token
        pieces = self._pieces.copy()
        pieces[1::2] = [filled.get(place, "") for place in self._places]
        return "".join(pieces)


class Marks:
    """Stands in for a form without mistakes: wherever an answer would be shown, it leaves a mark."""

    errors: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.places: list[Place] = []

    def __getitem__(self, code: str) -> "MarkedField":
        return MarkedField(self, code)

    def leave(self, place: Place) -> str:
        self.places.append(place)
        return f"{_MARK}-{len(self.places) - 1}-"


class MarkedField:
    """Stands in for one field of a form."""

    errors: tuple[str, ...] = ()

    def __init__(self, marks: Marks, code: str) -> None:
        self._marks = marks
        self._code = code
        self.name = PREFIX + code

    @property
    def data(self) -> str:
        return self._marks.leave((self._code, None))

    def checked(self, value: str) -> str:
        return self._marks.leave((self._code, value))


_kept: dict[Hashable, Pattern] = {}


def kept(key: Hashable, draw: Callable[[str, Marks], str]) -> Pattern:
    """The pattern under `key`, which must hold everything that `draw` shows: nothing else makes it be drawn again."""
    found = _kept.get(key)
    if found is None or current_app.debug:
        if len(_kept) >= 256:
            _kept.clear()
        found = _kept[key] = Pattern(draw)
    return found
