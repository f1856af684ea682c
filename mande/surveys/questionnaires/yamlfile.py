"""Reads YAML as its writers mean it: `no` is a word and not false, a date is text, and no key comes twice.

Each part of a document knows its line, so that a problem can be pointed at.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.checking import Path as Place
from mande.surveys.questionnaires.checking import Problem

MOST_PLACES = 200_000
"""More than any questionnaire has. A few lines of YAML that refer to one another can stand for millions."""

# The parser in C, where PyYAML has been built with it, is ten times as fast.
_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc, valid-type]
    """YAML 1.2's notion of what is not text: true, false, null and whole numbers."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^(?:<<)$"), ["<"])


@dataclass(frozen=True)
class Document:
    """What a file holds, and the line (from 1) at which each of its places begins."""

    name: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of `place`, or of the nearest thing around it that is written in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """Raises DefinitionError where the file is missing, is not UTF-8, is no YAML, or has a key twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError.of(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return parse(text, path.name)


def parse(text: str, name: str) -> Document:
    """What a text holds that is called `name`. Raises DefinitionError where it is no YAML, or has a key twice."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        lines: dict[Place, int] = {}
        repeated: list[Problem] = []
        _walk(root, (), lines, repeated)
        data = loader.construct_document(root) if root else None
    except RecursionError as error:
        raise DefinitionError.of(f"{name} refers to itself, or is far too large.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise DefinitionError.of(f"{name} is not YAML{where}: {getattr(error, 'problem', None) or error}.") from error
    document = Document(name, data, lines)
    if repeated:
        raise DefinitionError(repeated, document.name, document.line)
    return document


def _walk(node: yaml.Node | None, place: Place, lines: dict[Place, int], repeated: list[Problem]) -> None:
    if node is None:
        return
    lines.setdefault(place, node.start_mark.line + 1)
    if len(lines) > MOST_PLACES:
        raise RecursionError
    if isinstance(node, yaml.SequenceNode):
        for number, part in enumerate(node.value):
            _walk(part, (*place, number), lines, repeated)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                repeated.append(Problem((*place, name), f"is written twice, again at line {key.start_mark.line + 1}"))
            seen.add(name)
            lines.setdefault((*place, name), key.start_mark.line + 1)
            _walk(value, (*place, name), lines, repeated)
