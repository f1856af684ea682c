"""A respondent's page, drawn once by its template and then filled in for each person.

Everything on a page but the token, the name and the answers is the same for everybody who is asked, in a given state.
So the template is drawn with marks where these belong, and cut at the marks; a request joins the pieces. What is filled
in is escaped, and is never searched for marks; a pattern itself holds nothing of anybody.
"""

import re
import secrets
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Mapping
from typing import Any

from flask import current_app
from markupsafe import escape

from mande.surveys.answering.forms import PREFIX
from mande.surveys.questionnaires.placeholders import NAME_MARK

# Nobody can guess it, so no text of a questionnaire or an event contains it; and it passes unchanged into an address.
_MARK = secrets.token_hex(8)
_MARKS = re.compile(rf"{_MARK}-(\d+)-")
KEPT = 512
IN_LIST = "\n"
IF_ANY = "\n\n"

# What belongs in a place: (code, value) of something to tick, (code, IN_LIST + value) of something to choose from a
# list, (code, None) of a text, (code, IF_ANY) of what is open where there is an answer; ("", what) of anything else.
Place = tuple[str, str | None]
TOKEN: Place = ("", "token")
NAME: Place = ("", "name")


def written(name: str) -> str:
    """A person's name within a text, whose direction may be another."""
    return f"<bdi>{escape(name)}</bdi>"


class Pattern:
    """A page with places. `draw` is given what stands in for a person, and returns the HTML."""

    def __init__(self, draw: Callable[["Marks"], str]) -> None:
        marks = Marks()
        page = draw(marks)
        self._pieces = _MARKS.split(page.replace(NAME_MARK, marks.leave(NAME)))
        # A list of countries alone has 250 places: what is filled in looks for its places, and not they for it.
        self._places: dict[Place, list[int]] = {}
        for index in range(1, len(self._pieces), 2):
            self._places.setdefault(marks.places[int(self._pieces[index])], []).append(index)
            self._pieces[index] = ""

    def fill(self, filled: Mapping[Place, str]) -> str:
        """The page with this HTML in its places, and nothing where there is none."""
        pieces = self._pieces.copy()
        for place, html in filled.items():
            for index in self._places.get(place, ()):
                pieces[index] = html
        return "".join(pieces)

    def holds(self, text: str) -> bool:
        """Whether the page itself, as everybody gets it, has `text` in it."""
        return any(text in piece for piece in self._pieces)


class Marks:
    """Stands in for a form without mistakes and for whoever has the link: where they would show, it leaves a mark."""

    errors: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.places: list[Place] = []

    @property
    def token(self) -> str:
        return self.leave(TOKEN)

    def __getitem__(self, code: str) -> "MarkedField":
        return MarkedField(self, code)

    def leave(self, place: Place) -> str:
        self.places.append(place)
        return f"{_MARK}-{len(self.places) - 1}-"


class MarkedField:
    """Stands in for one field of a form."""

    errors: tuple[str, ...] = ()
    wrong = False

    def __init__(self, marks: Marks, code: str) -> None:
        self._marks = marks
        self._code = code
        self.name = PREFIX + code

    @property
    def data(self) -> str:
        return self._marks.leave((self._code, None))

    def checked(self, value: str) -> str:
        return self._marks.leave((self._code, value))

    def selected(self, value: str) -> str:
        return self._marks.leave((self._code, IN_LIST + value))

    def opened(self) -> str:
        return self._marks.leave((self._code, IF_ANY))

    def within(self, part: str) -> "MarkedField":
        return MarkedField(self._marks, f"{self._code}.{part}")


def answered(answers: Mapping[str, Any]) -> dict[Place, str]:
    """What fills the places of a form with these answers."""
    filled: dict[Place, str] = {}
    for code, value in answers.items():
        if isinstance(value, str):
            filled |= {(code, None): escape(value), (code, value): " checked", (code, IN_LIST + value): " selected"}
            filled[code, IF_ANY] = " open" if value else ""
        else:
            filled |= {(code, chosen): " checked" for chosen in value}
    return filled


_kept: dict[Hashable, Pattern] = {}


def kept(key: Hashable, draw: Callable[[Marks], str], token: str) -> Pattern:
    """The pattern under `key`, which must hold everything that `draw` shows: nothing else makes it be drawn again.

    Raises ValueError where `draw` has written down the `token` of whoever asked first.
    """
    found = _kept.get(key)
    if found is None or current_app.debug:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = Pattern(draw)
        if found.holds(token):
            raise ValueError("a page that is kept for everybody must not hold somebody's token")
        _kept[key] = found
    return found
