"""The groups of a form as sections, each a page: nested ones are levelled, what stands alone is gathered. Pure."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform import constraints
from mande.surveys.authoring.xlsform import expressions
from mande.surveys.authoring.xlsform import kinds
from mande.surveys.authoring.xlsform import words
from mande.surveys.authoring.xlsform.asking import Maker
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.kinds import Data
from mande.surveys.authoring.xlsform.kinds import allowed
from mande.surveys.authoring.xlsform.naming import Codes
from mande.surveys.authoring.xlsform.outline import Node
from mande.surveys.authoring.xlsform.writing import PAGE as ONE_PAGE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.conditions import Chosen
from mande.surveys.questionnaires.questions import QuestionType

# How many questions make a page where the form's author made none.
PAGE = 10
# How far below a question the line for its "other" may stand.
NEAR = 3

Texts = dict[str, str]
Rows = tuple[Row, ...]


@dataclass
class Entry:
    """Something in a section, and the rows of the groups around it that are no section of their own."""

    node: Node
    around: Rows = ()
    is_heading: bool = False


@dataclass
class Pages:
    """`sections` and `questions` are what was made, each with the rows whose conditions decide whether it is asked."""

    maker: Maker
    title: Texts
    codes: Codes = field(default_factory=Codes)
    intro: Texts = field(default_factory=dict)
    sections: list[tuple[Data, Rows]] = field(default_factory=list)
    questions: list[tuple[Data, Rows]] = field(default_factory=list)

    def make(self, nodes: Sequence[Node]) -> None:
        """Makes the sections of the nodes at the top. Notes before anything else introduce the questionnaire."""
        rest = [node for node in nodes if node.is_group or kinds.is_asked(node, self.maker.form)]
        while rest and rest[0].kind.name == "note" and not rest[0].row.get("relevant"):
            row = rest.pop(0).row
            self.maker.leftovers(row)
            said = self.maker.text(row)
            self.intro = {
                language: "\n\n".join(filter(None, (self.intro.get(language), said.get(language))))
                for language in self.maker.form.speech.languages
                if language in self.intro or language in said
            }
        self.level(rest, None, ())

    def level(self, nodes: Sequence[Node], group: Node | None, around: Rows) -> None:
        """Sections of what stands on one level: groups by themselves, what lies between them together."""
        loose: list[Node] = []
        for node in nodes:
            if node.is_group and not self.maker.is_table(node) and (group is None or self.maker.text(node.row)):
                self.between(loose, group, around)
                loose = []
                self.group(node, around)
            else:
                loose.append(node)
        self.between(loose, group, around)

    def group(self, node: Node, around: Rows) -> None:
        inner = any(child.is_group and not self.maker.is_table(child) for child in node.children)
        if inner and ONE_PAGE not in node.row.get("appearance").split():
            self.maker.leftovers(node.row)
            self.once(node)
            self.level(node.children, node, (*around, node.row))
        else:
            self.section(node, around)

    def section(self, node: Node, around: Rows) -> None:
        children = list(node.children)
        data: Data = {}
        if children and children[0].row.get("mande::part") == "intro":
            data["intro"] = self.maker.text(children.pop(0).row)
        elif hint := self.maker.form.speech.text("survey", node.row, "hint"):
            data["intro"] = hint
        if node.row.get("mande::repeat") == "meeting":
            data["repeat"] = "meeting"
        else:
            self.once(node)
        self.maker.leftovers(node.row)
        if made := [*self.asked([*self.flat(children, ())])]:
            self.add(self.heading(node) | data, made, (*around, node.row))

    def heading(self, node: Node) -> Data:
        row = node.row
        name = row.get("mande::code") or row.get("name")
        code = self.codes.give(name, f"section_{row.number}")
        if code != name:
            self.maker.form.note(row, "name", f"{name!r} cannot be a section's code, or is taken", f"it is {code!r}")
        return {"code": code, "title": self.maker.text(row) or self.numbered()}

    def numbered(self) -> Texts:
        said = words.said(words.PART, self.maker.form.speech.languages)
        return {language: f"{word} {len(self.sections) + 1}" for language, word in said.items()}

    def once(self, node: Node) -> None:
        if node.kind.name == "repeat":
            self.maker.form.note(node.row, "type", "this is repeated", "it is asked once")

    def between(self, loose: list[Node], group: Node | None, around: Rows) -> None:
        """What stands between groups, a page of it at a time where the author made no pages."""
        entries = [*self.flat(loose, ())]
        size = len(entries) if group else PAGE
        for start in range(0, len(entries), max(size, 1)):
            if made := [*self.asked(entries[start : start + size])]:
                title = self.maker.text(group.row) if group else self.title
                code = self.codes.give(group.row.get("name") if group else "questions", "section")
                self.add({"code": code, "title": title or self.numbered()}, made, around)

    def add(self, data: Data, made: list[tuple[Data, Rows]], around: Rows) -> None:
        self.sections.append((data | {"questions": [question for question, _rows in made]}, around))
        self.questions += made

    def flat(self, nodes: Sequence[Node], around: Rows) -> Iterator[Entry]:
        """Groups within a page: a heading, and then what is in them."""
        for node in nodes:
            if not node.is_group or self.maker.is_table(node):
                yield Entry(node, around)
                continue
            self.once(node)
            if self.maker.text(node.row):
                yield Entry(node, around, is_heading=True)
            yield from self.flat(node.children, (*around, node.row))

    def asked(self, entries: list[Entry]) -> Iterator[tuple[Data, Rows]]:
        left = list(entries)
        while left:
            entry = left.pop(0)
            data = self.one(entry)
            if data is None:
                continue
            self.beside(data, entry.node, left)
            yield data, (*entry.around, entry.node.row)

    def one(self, entry: Entry) -> Data | None:
        node = entry.node
        if entry.is_heading:
            self.maker.leftovers(node.row)
            return {"code": self.maker.code(node.row), "type": "info", "text": self.maker.text(node.row)}
        return self.maker.matrix(node) if node.is_group else self.maker.question(node)

    def beside(self, data: Data, node: Node, left: list[Entry]) -> None:
        """Takes the line for "other" and the one for a comment, which have rows of their own, to their question."""
        for entry in [*left[:NEAR]]:
            part = entry.node.row.get("mande::part")
            if data.get("other") and entry.node.kind.name == "text" and self.says_other(data, node, entry.node):
                self.take_other(data, entry.node.row, part == OTHER)
                left.remove(entry)
            elif part == "comment" and entry is left[0]:
                data["comment"] = True
                left.remove(entry)

    def says_other(self, data: Data, node: Node, text: Node) -> bool:
        """Whether a text is asked of those, and only those, who chose "other" above."""
        known = {node.row.get("name"): self.maker.fields[node.row.get("name")]}
        lost: list[str] = []
        relevant = text.row.get("relevant")
        found = expressions.understood(relevant, known, lost) if relevant else True
        return found == Chosen(data["code"], (OTHER,)) and not lost

    def take_other(self, data: Data, row: Row, ours: bool) -> None:
        limits = constraints.read(row.get("constraint"), QuestionType.SHORT_TEXT, {})
        most = allowed(row, limits.max_length, self.maker.form)
        data.pop("max_length", None)
        if most is not None:
            data["max_length"] = most
        if not ours:
            what = "it asks what “other” is"
            self.maker.form.note(row, "label", what, "it became the line beside “other”, which has its own words")
