"""One row of the sheet "survey", or a group that is a table, as a question. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform import kinds
from mande.surveys.authoring.xlsform import texts
from mande.surveys.authoring.xlsform.columns import OURS
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.expressions import Field
from mande.surveys.authoring.xlsform.kinds import Data
from mande.surveys.authoring.xlsform.kinds import Form
from mande.surveys.authoring.xlsform.naming import Codes
from mande.surveys.authoring.xlsform.outline import Node
from mande.surveys.authoring.xlsform.outline import is_yes
from mande.surveys.authoring.xlsform.writing import FLAGS
from mande.surveys.authoring.xlsform.writing import MARKS
from mande.surveys.questionnaires.questions import QuestionType

NO = ("no", "false", "false()", "0", "")
_READ = frozenset(
    (
        *("type", "name", "label", "hint", "guidance_hint", "required", "relevant", "constraint", "appearance"),
        *("parameters", "choice_filter", "readonly", "disabled"),
        *(f"{OURS}::{name}" for name in ("part", "code", "type", "repeat", "ask_if", "max", "unit", "bands")),
        *(f"{OURS}::{name}" for name in (*FLAGS, *MARKS)),
    )
)
_REASONS = {
    "constraint_message": ("it has its own words for a wrong answer", "Mande's are used"),
    "required_message": ("it has its own words for a lacking answer", "Mande's are used"),
    "default": ("an answer is filled in beforehand", "nothing is"),
    "calculation": ("an answer is worked out", "it is asked"),
    "trigger": ("an answer is worked out when another changes", "it is asked"),
    "repeat_count": ("it says how often this is repeated", "it is asked once"),
    **dict.fromkeys(("image", "big_image", "audio", "video"), ("a picture or a sound goes with it", "it was left out")),
}


@dataclass
class Maker:
    """Makes questions, and remembers what their names mean to conditions."""

    form: Form
    codes: Codes = field(default_factory=Codes)
    fields: dict[str, Field] = field(default_factory=dict)

    def question(self, node: Node) -> Data | None:
        """None where there is nothing to ask, which is noted."""
        shape = kinds.shape(node, self.form)
        if shape is None:
            return None
        text = self.text(node.row)
        if shape.type is QuestionType.INFO and not any(map(texts.says_something, text.values())):
            self.form.note(node.row, "label", "the note says nothing by itself", "it was left out")
            return None
        code = self.code(node.row)
        self.fields[node.row.get("name")] = Field(code, shape.type, shape.codes)
        data: Data = {"code": code, "type": shape.type.value, "text": text or self.nameless(node.row)}
        data |= self.common(node.row, shape.type) | shape.data
        self.leftovers(node.row)
        return data

    def code(self, row: Row) -> str:
        name = row.get("mande::code") or row.get("name")
        code = self.codes.give(name, f"question_{row.number}")
        if code != name:
            self.form.note(row, "name", f"{name!r} cannot be a code, or is taken", f"it is called {code!r}")
        return code

    def text(self, row: Row) -> dict[str, str]:
        return self.form.speech.text("survey", row, "label")

    def nameless(self, row: Row) -> dict[str, str]:
        self.form.note(row, "label", "it has no text", "its name stands for it")
        return self.form.speech.everywhere(row.get("name") or f"{row.number}")

    def common(self, row: Row, kind: QuestionType) -> Data:
        """What questions of every type may have."""
        found: Data = {}
        if hint := self.form.speech.text("survey", row, "hint"):
            found["hint"] = hint
        if why := self.why(row):
            found["why"] = why
        if kind is QuestionType.INFO:
            return found
        if self.required(row):
            found["required"] = True
        found |= {name: True for name in FLAGS if is_yes(row.get(f"{OURS}::{name}"))}
        return found | {name: mark for name in MARKS if (mark := row.get(f"{OURS}::{name}"))}

    def why(self, row: Row) -> str:
        said = self.form.speech.text("survey", row, "guidance_hint")
        if len(set(said.values())) > 1:
            self.form.note(row, "guidance_hint", "it comes in several languages", "it is kept in the first")
        return next(iter(said.values()), "")

    def required(self, row: Row) -> bool:
        cell = row.get("required").strip().lower()
        if not is_yes(cell) and cell not in NO:
            self.form.note(
                row, "required", f"an answer is required only if {row.get('required')}", "it is never required"
            )
        return is_yes(cell)

    def is_table(self, group: Node) -> bool:
        """Whether the group is a table of rows on one and the same scale, which is one question here."""
        rows = _rows_of_table(group) if group.is_group else []
        if not rows or len({node.kind.choices for node in rows}) > 1 or not self.form.lists.get(rows[0].kind.choices):
            return False
        return kinds.is_scale(self.form.offer(rows[0].kind))

    def matrix(self, group: Node) -> Data:
        """A group that is such a table as a question."""
        rows = _rows_of_table(group)
        found = self.form.offer(rows[0].kind)
        heading = self.heading(group, rows)
        code = self.code(group.row)
        codes = Codes()
        listed = []
        for node in rows:
            row_code = self.row_code(node.row, group.row, codes)
            self.fields[node.row.get("name")] = Field(f"{code}.{row_code}", QuestionType.MATRIX, found.codes)
            listed.append({"code": row_code, "label": self.text(node.row) or self.nameless(node.row)})
            self.row_leftovers(node.row)
        data: Data = {"code": code, "type": "matrix", "text": self.text(heading) or self.nameless(heading)}
        data |= self.common(group.row, QuestionType.MATRIX)
        data |= {"options": kinds.scale(group.row, found, self.form), "rows": listed}
        data |= {"not_applicable": True} if found.not_applicable else {}
        self.leftovers(group.row)
        return data | self.all_required(group, rows)

    def heading(self, group: Node, rows: list[Node]) -> Row:
        """The row that says what the table asks: the group's, or a row above the others that holds but the labels."""
        first = group.children[0]
        if first is rows[0] or not self.text(first.row):
            return group.row
        if not self.text(group.row):
            return first.row
        self.form.note(first.row, "label", "the table has two headings", "the group's was taken")
        return group.row

    def row_code(self, row: Row, group: Row, codes: Codes) -> str:
        name = row.get("mande::code") or row.get("name").removeprefix(f"{group.get('name')}_")
        code = codes.give(name, f"row_{row.number}")
        if code != name:
            self.form.note(row, "name", f"{name!r} cannot be a code, or is taken", f"it is called {code!r}")
        return code

    def all_required(self, group: Node, rows: list[Node]) -> Data:
        required = [self.required(node.row) for node in rows]
        if any(required) and not all(required):
            self.form.note(group.row, "required", "some of its rows alone are required", "none of them is")
        return {"required": True} if all(required) else {}

    def row_leftovers(self, row: Row) -> None:
        for column in ("relevant", "constraint"):
            if row.get(column):
                self.form.note(row, column, "a row of a table has none of its own", "it is left out")
        if self.form.speech.text("survey", row, "hint"):
            self.form.note(row, "hint", "a row of a table has none of its own", "it is left out")
        self.leftovers(row)

    def leftovers(self, row: Row) -> None:
        """Notes the cells of which nothing was made."""
        for column, _cell in row.filled():
            if column.name not in _READ:
                reason = _REASONS.get(column.name, ("Mande has nothing of the kind", "it was left out"))
                self.form.note(row, column.header or "a cell beyond the header", *reason)


def _rows_of_table(group: Node) -> list[Node]:
    """The rows of a group that is shown as a table; none where it is not, or holds something else."""
    shown = group.row.get("appearance").split()
    children = group.children
    if any(node.is_group or node.kind.name != "select_one" or node.kind.or_other for node in children):
        return []
    if "table-list" in shown:
        return children
    labels = [node for node in children if "label" in node.row.get("appearance").split()]
    listed = [node for node in children if "list-nolabel" in node.row.get("appearance").split()]
    return listed if labels == children[:1] and len(listed) == len(children) - 1 else []


def names_of(fields: Mapping[str, Field]) -> dict[str, tuple[str, QuestionType]]:
    """The other way round: the form's name of each question, row and ranked option, by its code, and its type."""
    found: dict[str, tuple[str, QuestionType]] = {}
    for name, one in fields.items():
        ranked = one.choices.values() if one.type is QuestionType.RANKING else ()
        found |= {f"{one.code}.{option}": (name, one.type) for option in ranked}
        found[one.code] = name, one.type
    return found
