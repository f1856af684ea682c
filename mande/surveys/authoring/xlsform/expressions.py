"""Conditions ("ask if") as the expressions of the column "relevant", and back. Pure.

What cannot be said makes no condition stricter: where it would have decided, the question is asked.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform import xpath
from mande.surveys.authoring.xlsform.xpath import Call
from mande.surveys.authoring.xlsform.xpath import Compared
from mande.surveys.authoring.xlsform.xpath import Expression
from mande.surveys.authoring.xlsform.xpath import ExpressionError
from mande.surveys.authoring.xlsform.xpath import Joined
from mande.surveys.authoring.xlsform.xpath import Literal
from mande.surveys.authoring.xlsform.xpath import Number
from mande.surveys.authoring.xlsform.xpath import Reference
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.questions import UNRANKED
from mande.surveys.questionnaires.questions import QuestionType

SEVERAL, RANKED, NUMBER = QuestionType.MULTIPLE, QuestionType.RANKING, QuestionType.NUMBER
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_PLAIN = {"yes": True, "true": True, "no": False, "false": False}
_FACTS = {"role": "the person's role", "meeting": "the meetings attended", "mode": "online or in the room"}


@dataclass(frozen=True)
class Field:
    """What a name of a form means: a question of this code (or "question.row") and type.

    `choices` leads from the form's names of choices to our codes.
    """

    code: str
    type: QuestionType
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def compares_text(self) -> bool:
        return self.type.is_text or self.type is QuestionType.DATE


Outcome = Condition | bool
"""A condition; True where everybody is asked, False where nobody is."""


def said(condition: Condition, names: Callable[[str], tuple[str, QuestionType]], lost: list[str]) -> str:
    """The expression of a condition; "" where everybody would be asked.

    `names` gives the form's name of a question or row, and the question's type; of the option of a ranking, the name of
    the ranking. What XLSForm does not know about people is added to `lost`.
    """
    written = _write(condition, names, lost, True)
    return written if isinstance(written, str) else ""


def _write(
    condition: Condition, names: Callable[[str], tuple[str, QuestionType]], lost: list[str], positive: bool
) -> str | bool:
    """An expression, or whether it always or never holds."""
    match condition:
        case conditions.All(parts):
            return _join("and", [_write(part, names, lost, positive) for part in parts])
        case conditions.Either(parts):
            return _join("or", [_write(part, names, lost, positive) for part in parts])
        case conditions.Not(part):
            written = _write(part, names, lost, not positive)
            return f"not({written})" if isinstance(written, str) else not written
        case conditions.TookPart(fact):
            lost.append(_FACTS[fact])
            return positive
        case conditions.Chosen(question) | conditions.Answered(question) | conditions.Compared(question):
            name, kind = names(question)
            if kind is RANKED:
                return _ranked(condition, f"${{{name}}}", question.rpartition(".")[2])
            return _test(condition, f"${{{name}}}", kind)


def _test(condition: Condition, reference: str, kind: QuestionType) -> str:
    match condition:
        case conditions.Chosen(_, codes) if kind is SEVERAL:
            return _any([f"selected({reference}, '{code}')" for code in codes])
        case conditions.Chosen(_, codes) if kind is NUMBER:
            return _any([f"{reference} = {int(code)}" for code in codes if _is_whole(code)])
        case conditions.Chosen(_, codes):
            return _any([f"{reference} = '{code}'" for code in codes])
        case conditions.Compared(_, limit, side):
            return f"{reference} {'>=' if side == 'at_least' else '<='} {limit}"
        case _:
            return f"{reference} {'!=' if getattr(condition, 'given', True) else '='} ''"


def _ranked(condition: Condition, reference: str, option: str) -> str | bool:
    """Of an option of a ranking, whose answer lists the options from the first rank to the last."""

    def at(ranks: Sequence[int]) -> str | bool:
        return _join("or", [f"selected-at({reference}, {rank - 1}) = '{option}'" for rank in ranks])

    is_ranked = f"selected({reference}, '{option}')"
    match condition:
        case conditions.Chosen(_, codes):
            named: list[str | bool] = [at([int(code)]) for code in codes if code.isdecimal() and int(code) > 0]
            return _join("or", [*named, *([f"not({is_ranked})"] if UNRANKED in codes else [])])
        case conditions.Compared(_, limit, "at_most"):
            return at(range(1, limit + 1))
        case conditions.Compared(_, limit, _):
            before = at(range(1, limit))
            return _join("and", [is_ranked, f"not({before})" if isinstance(before, str) else not before])
        case _:
            return is_ranked if getattr(condition, "given", True) else f"not({is_ranked})"


def _any(parts: Sequence[str]) -> str:
    return " or ".join(parts) if len(parts) == 1 else f"({' or '.join(parts)})"


def _join(word: str, parts: Sequence[str | bool]) -> str | bool:
    decisive = word == "or"
    if decisive in parts:
        return decisive
    written = [part for part in parts if isinstance(part, str)]
    if not written:
        return not decisive
    return written[0] if len(written) == 1 else f"({f' {word} '.join(written)})"


def understood(text: str, fields: Mapping[str, Field], lost: list[str]) -> Outcome:
    """What a "relevant" says. What is not understood is added to `lost`, and leaves the question asked."""
    if text.lower() in _PLAIN:
        return _PLAIN[text.lower()]
    try:
        return _read(xpath.read(text), fields, lost, True)
    except ExpressionError as error:
        lost.append(f"{xpath.short(text)}: {error}")
        return True


def _read(expression: Expression, fields: Mapping[str, Field], lost: list[str], positive: bool) -> Outcome:
    try:
        match expression:
            case Joined(word, parts):
                return _combine(word, [_read(part, fields, lost, positive) for part in parts])
            case Call("not", (part,)):
                found = _read(part, fields, lost, not positive)
                return (not found) if isinstance(found, bool) else conditions.Not(found)
            case Call("true", ()):
                return True
            case Call("false", ()):
                return False
            case Call("boolean", (part,)):
                return _read(part, fields, lost, positive)
            case Call("selected", (Reference(name), Literal(choice))):
                return _chosen(_field(name, fields), choice)
            case Compared(sign, left, right):
                return _compare(sign, left, right, fields)
            case _:
                raise ExpressionError(f"{_show(expression)} is no condition of ours")
    except ExpressionError as error:
        lost.append(str(error))
        return positive


def _combine(word: str, parts: Sequence[Outcome]) -> Outcome:
    decisive = word == "or"
    if decisive in parts:
        return decisive
    found = [part for part in parts if not isinstance(part, bool)]
    if not found:
        return not decisive
    if len(found) == 1:
        return found[0]
    if not decisive:
        return conditions.All(tuple(found))
    chosen = [part for part in found if isinstance(part, conditions.Chosen)]
    if len(chosen) == len(found) and len({part.question for part in chosen}) == 1:
        codes = dict.fromkeys(code for part in chosen for code in part.codes)
        return conditions.Chosen(chosen[0].question, tuple(codes))
    return conditions.Either(tuple(found))


def _compare(sign: str, left: Expression, right: Expression, fields: Mapping[str, Field]) -> Outcome:
    if isinstance(left, Literal | Number):
        left, right, sign = right, left, _MIRRORED[sign]
    match left, right:
        case Call("selected-at", (Reference(name), Number(place))), Literal(choice):
            ranking = _field(name, fields)
            if ranking.type is RANKED and sign in ("=", "!=") and place.isdecimal():
                code = _choice(ranking, choice)
                return _unless(sign == "!=", conditions.Chosen(f"{ranking.code}.{code}", (str(int(place) + 1),)))
        case Call("string-length" | "count-selected", (Reference(name),)), Number("0" | "1" as number):
            return _unless(not _is_given(sign, number), _answered(_field(name, fields)))
        case Reference(name), Literal(""):
            if sign in ("=", "!="):
                return _unless(sign == "=", _answered(_field(name, fields)))
        case Reference(name), (Literal(value) | Number(value)):
            return _against(sign, _field(name, fields), value)
    raise ExpressionError(f"{_show(left)} {sign} {_show(right)} is no condition of ours")


def _against(sign: str, found: Field, value: str) -> Outcome:
    if found.compares_text or found.type is RANKED:
        raise ExpressionError(f"the whole answer to {found.code} is compared with {value!r}")
    if sign in ("=", "!="):
        return _unless(sign == "!=", _chosen(found, value))
    try:
        number = float(value)
    except ValueError:
        raise ExpressionError(f"{found.code} is compared with {value!r}, which is no number") from None
    if found.type is SEVERAL:
        raise ExpressionError(f"{found.code} is compared with a number")
    if sign in (">=", ">"):
        least = -int(-number // 1)
        return conditions.Compared(found.code, least + (sign == ">" and least == number), "at_least")
    most = int(number // 1)
    return conditions.Compared(found.code, most - (sign == "<" and most == number), "at_most")


def _chosen(found: Field, choice: str) -> Condition:
    if found.type is RANKED:
        return conditions.Answered(f"{found.code}.{_choice(found, choice)}")
    if found.type is NUMBER and _is_whole(choice):
        return conditions.Chosen(found.code, (choice,))
    return conditions.Chosen(found.code, (_choice(found, choice),))


def _choice(found: Field, choice: str) -> str:
    if choice not in found.choices:
        raise ExpressionError(f"{found.code} has no choice {choice!r}")
    return found.choices[choice]


def _answered(found: Field) -> Condition:
    if found.type is not RANKED:
        return conditions.Answered(found.code)
    return conditions.Either(tuple(conditions.Answered(f"{found.code}.{code}") for code in found.choices.values()))


def _is_given(sign: str, number: str) -> bool:
    """Whether a length that compares so with 0 or 1 means that there is an answer."""
    given = {(">", "0"), (">=", "1"), ("!=", "0")}
    absent = {("=", "0"), ("<", "1"), ("<=", "0")}
    if (sign, number) not in given | absent:
        raise ExpressionError("an answer's length is compared with a number")
    return (sign, number) in given


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def _unless(opposite: bool, condition: Condition) -> Condition:
    if opposite and isinstance(condition, conditions.Answered):
        return conditions.Answered(condition.question, not condition.given)
    return conditions.Not(condition) if opposite else condition


def _field(name: str, fields: Mapping[str, Field]) -> Field:
    if name not in fields:
        raise ExpressionError(f"${{{name}}} is no question that was carried over")
    return fields[name]


def _show(expression: Expression) -> str:
    match expression:
        case Reference(name):
            return f"${{{name}}}"
        case Literal(text):
            return repr(text)
        case Number(text):
            return text
        case Call(name):
            return f"{name}(…)"
        case Compared(sign, left, right):
            return f"{_show(left)} {sign} {_show(right)}"
        case Joined(word):
            return f"… {word} …"
        case _:
            return "."
