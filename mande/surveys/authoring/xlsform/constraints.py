"""The limits of an answer as the expressions of the column "constraint", and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date

from mande.surveys.authoring.xlsform import xpath
from mande.surveys.authoring.xlsform.xpath import Call
from mande.surveys.authoring.xlsform.xpath import Compared
from mande.surveys.authoring.xlsform.xpath import Expression
from mande.surveys.authoring.xlsform.xpath import ExpressionError
from mande.surveys.authoring.xlsform.xpath import Here
from mande.surveys.authoring.xlsform.xpath import Joined
from mande.surveys.authoring.xlsform.xpath import Literal
from mande.surveys.authoring.xlsform.xpath import Number
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType

_MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SEVERAL_TICKED = {(">", "1"), (">=", "2"), ("!=", "1")}


@dataclass
class Limits:
    """What a constraint says. `lost` is it, where part of it is no limit of ours."""

    min: int | str | None = None
    max: int | str | None = None
    max_length: int | None = None
    exclusive: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def write(question: Question) -> str:
    """The constraint of a question; "" where there is none."""
    parts: list[str] = []
    match question.type:
        case QuestionType.NUMBER:
            parts = [f". >= {question.min}", f". <= {question.max}"]
        case QuestionType.DATE:
            bounds = {">=": question.min, "<=": question.max}
            parts = [f". {sign} date('{bound}')" for sign, bound in bounds.items() if bound is not None]
        case QuestionType.MULTIPLE:
            counts = {">=": question.min, "<=": question.max}
            parts = [f"count-selected(.) {sign} {bound}" for sign, bound in counts.items() if bound is not None]
            alone = [option.code for option in question.options if option.exclusive]
            parts += [f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone]
        case QuestionType.SHORT_TEXT | QuestionType.LONG_TEXT:
            return length(question.max_length)
    return " and ".join(parts)


def length(most: int) -> str:
    return f"string-length(.) <= {most}"


def read(text: str, kind: QuestionType, choices: Mapping[str, str]) -> Limits:
    """The limits that a constraint sets on a question of this type. `choices` leads from the form's names to codes.

    Where a part is no limit of ours, the whole is among what is `lost`; what came before it is kept.
    """
    limits = Limits()
    try:
        parts = xpath.conjuncts(xpath.read(text)) if text else ()
        for part in parts:
            _limit(part, kind, choices, limits)
    except ExpressionError:
        limits.lost.append(xpath.short(text))
    return limits


def _limit(part: Expression, kind: QuestionType, choices: Mapping[str, str], limits: Limits) -> None:
    match part:
        case Compared(sign, Literal() | Number() | Call("date") as left, right):
            part = Compared(_MIRRORED[sign], right, left)
    match part:
        case Compared(sign, Here(), Number(number)) if kind is QuestionType.NUMBER:
            _bound(limits, sign, float(number))
        case Compared(sign, Call("count-selected", (Here(),)), Number(number)) if kind is QuestionType.MULTIPLE:
            _bound(limits, sign, float(number))
        case Compared("<=" | "<" as sign, Call("string-length", (Here(),)), Number(number)) if kind.is_text:
            limits.max_length = int(float(number)) - (sign == "<" and float(number).is_integer())
        case Compared(">=" | "<=" as sign, Here(), Call("date", (Literal(day),)) | Literal(day)) if (
            kind is QuestionType.DATE and _is_day(day)
        ):
            limits.min, limits.max = (day, limits.max) if sign == ">=" else (limits.min, day)
        case Call("not", (Joined("and", (one, another)),)) if kind is QuestionType.MULTIPLE:
            limits.exclusive.append(_alone(one, another, choices))
        case _:
            raise ExpressionError("it is no limit of ours")


def _bound(limits: Limits, sign: str, number: float) -> None:
    """Whole numbers alone lie between the bounds."""
    whole = number.is_integer()
    if sign in (">=", ">", "="):
        limits.min = -int(-number // 1) + (sign == ">" and whole)
    if sign in ("<=", "<", "="):
        limits.max = int(number // 1) - (sign == "<" and whole)
    if sign == "!=":
        raise ExpressionError("it excludes a single number")


def _alone(one: Expression, another: Expression, choices: Mapping[str, str]) -> str:
    """The choice that goes with no other, in "not (this one, and more than one)"."""
    for part, rest in ((one, another), (another, one)):
        match part, rest:
            case Call("selected", (Here(), Literal(choice))), Compared(
                sign, Call("count-selected", (Here(),)), Number(n)
            ):
                if choice in choices and (sign, n) in _SEVERAL_TICKED:
                    return choices[choice]
    raise ExpressionError("it is no limit of ours")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
