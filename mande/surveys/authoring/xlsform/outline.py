"""The rows of the sheet "survey" as what they are: questions, within groups, within groups. Pure."""

import re
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.columns import Row

_CONTROL = re.compile(r"(begin|end)[ _](group|repeat|loop|lgroup|looped group)\b.*")
_YES = ("yes", "true", "true()", "1")

_SPELLINGS = {
    "select1": "select_one",
    "select one": "select_one",
    "select one from": "select_one",
    "select one using": "select_one",
    "q select1": "select_one",
    "add select one prompt using": "select_one",
    "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple",
    "select multiple": "select_multiple",
    "select multiple from": "select_multiple",
    "select multiple using": "select_multiple",
    "add select multiple prompt using": "select_multiple",
    "select one from file": "select_one_from_file",
    "select multiple from file": "select_multiple_from_file",
    "select one external": "select_one_external",
    "int": "integer",
    "string": "text",
    "datetime": "datetime",
    "date time": "datetime",
    "phone number": "phonenumber",
    "device id": "deviceid",
    "trigger": "acknowledge",
    "photo": "image",
    "gps": "geopoint",
    "location": "geopoint",
}
_SELECTS = ("select_one", "select_multiple", "select_one_from_file", "select_multiple_from_file", "select_one_external",
            "rank")  # fmt: skip
_SELECT = re.compile(
    "("
    + "|".join(sorted({*_SELECTS, *(old for old, new in _SPELLINGS.items() if new in _SELECTS)}, key=len, reverse=True))
    + r") (.+?)( or_other| or other| or specify other)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kind:
    """What the column "type" says. `choices` is the name of a list."""

    name: str
    choices: str = ""
    or_other: bool = False


@dataclass
class Node:
    """A question, or a group or repeat with what is in it."""

    row: Row
    kind: Kind
    children: list["Node"] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.kind.name in ("group", "repeat")


def is_yes(cell: str) -> bool:
    return cell.strip().lower() in _YES


def kind_of(cell: str) -> Kind:
    """The type, whichever of its spellings was used."""
    words = " ".join(cell.split())
    if select := _SELECT.fullmatch(words):
        name = select[1].lower()
        return Kind(_SPELLINGS.get(name, name), select[2], bool(select[3]))
    plain = re.sub(r"^(?:add|q|get) | prompt$", "", words.lower())
    return Kind(_SPELLINGS.get(plain, plain))


def build(rows: list[Row], carried: Carried) -> list[Node]:
    """The nodes at the top. What does not fit together is noted, and put where it seems to belong."""
    top: list[Node] = []
    open_groups: list[Node] = []
    for row in rows:
        here = open_groups[-1].children if open_groups else top
        control = _CONTROL.fullmatch(" ".join(row.get("type").lower().split()))
        if _is_out_of_use(row, carried):
            continue
        if control is None:
            here.append(Node(row, kind_of(row.get("type"))))
        elif control[1] == "begin":
            node = Node(row, Kind("group" if control[2] == "group" else "repeat"))
            here.append(node)
            open_groups.append(node)
        elif open_groups:
            open_groups.pop()
        else:
            carried.note("survey", row.number, "type", "nothing that began ends here", "the row was left out")
    for node in open_groups:
        carried.note("survey", node.row.number, "type", "the group has no end", "it was ended after the last row")
    return top


def _is_out_of_use(row: Row, carried: Carried) -> bool:
    if is_yes(row.get("disabled")):
        carried.note("survey", row.number, "disabled", "the row is switched off", "it was left out")
        return True
    if not row.get("type"):
        what = "the row has no type" if row.get("name") or row.texts("label") else "the row is a remark"
        carried.note("survey", row.number, "", what, "it was left out")
        return True
    return False
