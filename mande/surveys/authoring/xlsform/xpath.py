"""The part of XPath that forms use in conditions and constraints, as a tree. Pure.

${q} = 'x'    selected(${q}, 'x') and not(${n} >= 5 or string-length(${t}) > 0)
"""

import re
from dataclasses import dataclass

# Deeper than any condition that a person writes; a hostile one must not exhaust the stack.
DEEPEST = 40
LONGEST = 20_000


class ExpressionError(ValueError):
    """An expression that is not of this part of XPath. The text says what is in the way."""


@dataclass(frozen=True)
class Reference:
    """The answer to another question: ${name}."""

    name: str


@dataclass(frozen=True)
class Here:
    """The answer to the question itself, written as a full stop."""


@dataclass(frozen=True)
class Literal:
    """Text in quotes."""

    text: str


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True)
class Compared:
    """Two values and the sign between them."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Joined:
    """Two or more expressions with "and", or with "or", between them."""

    word: str
    of: tuple["Expression", ...]


Expression = Reference | Here | Literal | Number | Call | Compared | Joined

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<reference>\$\{\s*[^{}\s]+\s*\})
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<compared>!=|<=|>=|=|<|>)
    | (?P<word>[A-Za-z_][\w:.-]*)
    | (?P<sign>[(),])
    | (?P<here>\.)
    | (?P<unknown>\S)
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def read(text: str) -> Expression:
    """The tree of an expression. Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError("it is too long")
    return _Reader(text.translate(_QUOTES).strip()).whole()


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """What "and" joins at the top; the expression itself where it does not."""
    return expression.of if isinstance(expression, Joined) and expression.word == "and" else (expression,)


def short(text: str) -> str:
    """An expression as a message quotes it."""
    return text if len(text) <= 60 else f"{text[:57]}…"


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = [(match.lastgroup or "", match.group().strip()) for match in _TOKEN.finditer(text)]
        self.place = 0

    def whole(self) -> Expression:
        found = self.either(0)
        if self.place < len(self.tokens):
            raise ExpressionError(f"{self.tokens[self.place][1]!r} is not understood")
        return found

    def either(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise ExpressionError("it is nested too deeply")
        found = [self.both(depth)]
        while self.takes("word", "or"):
            found.append(self.both(depth))
        return Joined("or", tuple(found)) if len(found) > 1 else found[0]

    def both(self, depth: int) -> Expression:
        found = [self.comparison(depth)]
        while self.takes("word", "and"):
            found.append(self.comparison(depth))
        return Joined("and", tuple(found)) if len(found) > 1 else found[0]

    def comparison(self, depth: int) -> Expression:
        found = self.value(depth)
        if self.kind() == "compared":
            sign = self.next()
            return Compared(sign, found, self.value(depth))
        return found

    def value(self, depth: int) -> Expression:
        kind = self.kind()
        token = self.next()
        match kind:
            case "reference":
                return Reference(token[2:-1].strip())
            case "text":
                return Literal(token[1:-1])
            case "number":
                return Number(token)
            case "here":
                return Here()
            case "word" if self.takes("sign", "("):
                return Call(token, self.arguments(depth))
            case "sign" if token == "(":  # noqa: S105 (a token of the expression)
                found = self.either(depth + 1)
                self.expect(")")
                return found
            case _:
                raise ExpressionError(f"{token!r} is not understood" if token else "it is not complete")

    def arguments(self, depth: int) -> tuple[Expression, ...]:
        if self.takes("sign", ")"):
            return ()
        found = [self.either(depth + 1)]
        while self.takes("sign", ","):
            found.append(self.either(depth + 1))
        self.expect(")")
        return tuple(found)

    def kind(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        if self.place >= len(self.tokens):
            return ""
        self.place += 1
        return self.tokens[self.place - 1][1]

    def takes(self, kind: str, token: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place] == (kind, token):
            self.place += 1
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.takes("sign", token):
            raise ExpressionError(f"{token!r} is missing")
