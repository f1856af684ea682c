"""Where on the editor's pages something in a draft is mended. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal

from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor.editing import TEXTS
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.questionnaires.problems import Path

Page = Literal["outline", "settings", "section", "question"]


@dataclass(frozen=True)
class Spot:
    """A page of the editor, the code of the section or question that it shows ("" on others), and the name of the
    field, which is its id on the page: "text", "option-2-label". `translation` says that only another language lacks.
    """

    page: Page
    code: str = ""
    field: str = ""
    translation: bool = False


def spot(data: Data, path: Path) -> Spot:
    """Where what is at `path` in the draft is mended."""
    match path:
        case ("sections", int(number), "questions", int(place), *rest):
            question = editing.sections(data)[number]["questions"][place]
            return _in("question", data, question, rest)
        case ("sections", int(number), "questions"):
            return Spot("outline", editing.sections(data)[number]["code"])
        case ("sections", int(number), *rest):
            return _in("section", data, editing.sections(data)[number], rest)
        case ("sections",):
            return Spot("outline")
        case (str(name), *_rest):
            return _in("settings", data, data, [name])
        case _:
            return Spot("settings")


def _in(page: Page, data: Data, part: editing.Part, rest: Sequence[str | int]) -> Spot:
    code = "" if page == "settings" else part["code"]
    lacks = _lacks_translation(data, part, rest)
    match rest:
        case [("options" | "rows") as name, int(line), *inner]:
            return Spot(page, code, f"{name[:-1]}-{line}-{inner[0] if inner else 'code'}", lacks)
        case [str(name), *_inner]:
            return Spot(page, code, "condition" if name == "ask_if" else name, lacks)
        case _:
            return Spot(page, code)


def _lacks_translation(data: Data, part: Any, rest: Sequence[str | int]) -> bool:
    """Whether this is a text that is there in the main language, so that what it lacks is another one."""
    if not rest or rest[-1] not in TEXTS:
        return False
    for step in rest:
        try:
            part = part[step]
        except (KeyError, IndexError):
            return False
    main = data["languages"][0]
    return isinstance(part, dict) and bool(part.get(main)) and any(not part.get(one) for one in data["languages"])
