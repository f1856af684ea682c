"""What type of question a row is, and what goes with its type: options, limits. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from mande.surveys.authoring.xlsform import constraints
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.choices import ONE
from mande.surveys.authoring.xlsform.choices import RANK
from mande.surveys.authoring.xlsform.choices import SEVERAL
from mande.surveys.authoring.xlsform.choices import Choice
from mande.surveys.authoring.xlsform.choices import Offer
from mande.surveys.authoring.xlsform.choices import offer
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.constraints import Limits
from mande.surveys.authoring.xlsform.outline import Kind
from mande.surveys.authoring.xlsform.outline import Node
from mande.surveys.authoring.xlsform.outline import is_yes
from mande.surveys.authoring.xlsform.speech import Speech
from mande.surveys.authoring.xlsform.writing import KINDS
from mande.surveys.authoring.xlsform.writing import SELECT_ONE
from mande.surveys.questionnaires.questions import RATING_CODES
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.standard import YES_NO
from mande.surveys.questionnaires.standard import is_country

Data = dict[str, Any]

SCALES = (tuple("12345"), tuple("1234567"))
MANY_COUNTRIES = 100
LEAST, MOST = 0, 1_000_000
LONGEST = 20_000

_DEVICE = frozenset(
    (
        *("start", "end", "today", "start time", "end time", "deviceid", "subscriberid", "simserial", "phonenumber"),
        *("imei", "username", "email", "audit", "start-geopoint", "background-audio", "background-geopoint", "sim id"),
    )
)
_FILES = frozenset(("image", "audio", "video", "file", "barcode", "geopoint", "geotrace", "geoshape", "osm"))
_WORKED_OUT = frozenset(("calculate", "hidden", "xml-external", "csv-external"))
_ELSEWHERE = frozenset(("select_one_from_file", "select_multiple_from_file", "select_one_external"))
_ASKED = _ELSEWHERE | frozenset(
    (
        *("select_one", "select_multiple", "rank", "integer", "decimal", "percentage", "range", "date", "datetime"),
        *("text", "time", "note", "acknowledge"),
    )
)
# What a mark alone does not make of a question.
_APART = (QuestionType.MATRIX, QuestionType.COUNTRY)
_SHOWN_AS = {
    "likert": (QuestionType.SCALE, QuestionType.RATING, QuestionType.MATRIX),
    "minimal": (QuestionType.SINGLE, QuestionType.COUNTRY),
    "autocomplete": (QuestionType.SINGLE, QuestionType.COUNTRY),
    "multiline": (QuestionType.LONG_TEXT,),
}


@dataclass
class Form:
    """What is known of the form while its rows are read."""

    speech: Speech
    lists: Mapping[str, Sequence[Choice]]
    carried: Carried
    used_lists: set[str] = field(default_factory=set)

    def note(self, row: Row, column: str, what: str, instead: str) -> None:
        self.carried.note("survey", row.number, column, what, instead)

    def offer(self, kind: Kind) -> Offer:
        self.used_lists.add(kind.choices)
        return offer(self.lists.get(kind.choices, ()), kind.name, self.speech.ours, self.carried)


@dataclass
class Shape:
    """A type and what goes with it. `codes` leads from the form's names of choices to ours."""

    type: QuestionType
    data: Data = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)


def shape(node: Node, form: Form) -> Shape | None:
    """None where there is nothing to ask, which is noted."""
    if not is_asked(node, form):
        return None
    found = _shape(node, form)
    for word in node.row.get("appearance").split():
        if found.type not in _SHOWN_AS.get(word, ()):
            form.note(node.row, "appearance", f"it is shown as {word!r}", "it is shown in Mande's own way")
    if found.type is QuestionType.LONG_TEXT and node.row.get("parameters").startswith("rows="):
        return found
    if node.row.get("parameters") and node.kind.name != "range":
        form.note(node.row, "parameters", "there is no such setting", "it was left out")
    return found


def is_asked(node: Node, form: Form) -> bool:
    """Whether a person answers or reads it at all; where not, it is noted."""
    row, name = node.row, node.kind.name.removeprefix("uri:")
    if name in _DEVICE:
        form.note(row, "type", f"{name!r} records the device, the time or the place", "left out: Mande does not")
    elif name.partition(" ")[0] in _FILES:
        form.note(row, "type", f"{name!r} asks for a file, a code or a place", "left out: Mande asks in words")
    elif name in _WORKED_OUT:
        form.note(row, "type", f"{name!r} is worked out and not asked", "it was left out")
    elif name not in _ASKED:
        form.note(row, "type", f"{row.get('type')!r} is no type that is known", "it was left out")
    else:
        return True
    return False


def _shape(node: Node, form: Form) -> Shape:
    row, name = node.row, node.kind.name
    match name:
        case "select_one" | "select_multiple" | "rank":
            return _choice(node, form)
        case "integer" | "decimal" | "percentage":
            return _number(node, form)
        case "range":
            return _range(node, form)
        case "date" | "datetime":
            return _date(node, form)
        case "text":
            return Shape(QuestionType.INFO) if is_yes(row.get("readonly")) else _text(node, form)
        case "time":
            form.note(row, "type", "there is no question for a time of day", "it became a line to write on")
            return Shape(QuestionType.SHORT_TEXT)
        case "note":
            return Shape(QuestionType.INFO)
        case "acknowledge":
            form.note(row, "type", "there is nothing to acknowledge", "its text became a block of information")
            return Shape(QuestionType.INFO)
        case _:
            form.note(row, "type", "its choices are in another file or sheet", "it became a line to write on")
            return Shape(QuestionType.SHORT_TEXT)


def _choice(node: Node, form: Form) -> Shape:
    row, kind = node.row, node.kind
    if not form.lists.get(kind.choices):
        form.note(row, "type", f"there are no choices on a list {kind.choices!r}", "it became a line to write on")
        return Shape(QuestionType.SHORT_TEXT)
    if row.get("choice_filter"):
        form.note(row, "choice_filter", "the choices depend on an earlier answer", "all of them are offered")
    if kind.name == ONE and _are_countries(row, form.lists[kind.choices]):
        form.used_lists.add(kind.choices)
        return Shape(QuestionType.COUNTRY, {}, {choice.name: choice.name for choice in form.lists[kind.choices]})
    found = form.offer(kind)
    other = {"other": True} if found.other or (kind.or_other and kind.name != RANK) else {}
    if kind.or_other:
        found = Offer(found.plain, {**found.codes, "other": "other"}, True, found.not_applicable)
    if kind.name == RANK:
        return Shape(QuestionType.RANKING, {"options": _options(found)} | _most(row, form), found.codes)
    if kind.name == SEVERAL:
        limits = _limits(row, QuestionType.MULTIPLE, form, found.codes)
        options = _options(found, limits.exclusive)
        bounds = {name: bound for name in ("min", "max") if (bound := getattr(limits, name)) is not None}
        return Shape(QuestionType.MULTIPLE, {"options": options, **other, **bounds}, found.codes)
    _limits(row, QuestionType.SINGLE, form, found.codes)
    applicable = {"not_applicable": True} if found.not_applicable else {}
    return _one(row, found, other | applicable, form)


def _one(row: Row, found: Offer, extra: Data, form: Form) -> Shape:
    kind = _marked(row, SELECT_ONE) or _kind_of_one(row, found)
    match kind:
        case QuestionType.SCALE if is_scale(found):
            return Shape(kind, {"options": scale(row, found, form), **extra}, found.codes)
        case QuestionType.RATING:
            return Shape(kind, {"options": _labelled(_options(found)), **extra}, found.codes)
        case QuestionType.YES_NO:
            options = sorted(_options(found), key=lambda option: list(YES_NO).index(option["code"]))
            return Shape(kind, ({} if _is_standard(options) else {"options": options}) | extra, found.codes)
        case QuestionType.SINGLE if {"minimal", "autocomplete"} & set(row.get("appearance").split()):
            extra = extra | {"display": "list"}
    return Shape(kind, {"options": _options(found), **extra}, found.codes)


def _kind_of_one(row: Row, found: Offer) -> QuestionType:
    """What a select_one most likely is, by its choices."""
    codes = found.coded()
    if found.other:
        return QuestionType.SINGLE
    if sorted(codes) == sorted(YES_NO):
        return QuestionType.YES_NO
    if codes == RATING_CODES:
        return QuestionType.RATING
    if "likert" in row.get("appearance").split() and is_scale(found):
        return QuestionType.SCALE
    return QuestionType.SINGLE


def is_scale(found: Offer) -> bool:
    """Whether the choices are the numbers of a scale, in either direction."""
    codes = found.coded()
    return (codes in SCALES or codes[::-1] in SCALES) and not found.other


def scale(row: Row, found: Offer, form: Form) -> list[Data]:
    """The options of a scale, 1 first."""
    options = _options(found)
    if found.coded() in SCALES:
        return options
    form.note(row, "type", "its scale begins with the highest number", "it begins with 1, as all scales do")
    return options[::-1]


def _are_countries(row: Row, choices: Sequence[Choice]) -> bool:
    listed = len(choices) >= MANY_COUNTRIES or row.get("mande::type") == QuestionType.COUNTRY
    return listed and all(is_country(choice.name) for choice in choices)


def _marked(row: Row, kind: str) -> QuestionType | None:
    """What our own column says, where it fits what the column "type" says."""
    mark = row.get("mande::type")
    if mark not in list(QuestionType):
        return None
    found = QuestionType(mark)
    return found if KINDS.get(found, SELECT_ONE) == kind and found not in _APART else None


def _options(found: Offer, exclusive: Sequence[str] = ()) -> list[Data]:
    alone = {code: {"exclusive": True} for code in exclusive}
    return [{"code": code, **choice.option, **alone.get(code, {})} for code, choice in found.plain]


def _labelled(options: list[Data]) -> list[Data]:
    """Of a rating: without the labels that are but the number, save at its ends."""
    return [o for o in options if o["code"] in ("0", "10") or set(o["label"].values()) != {o["code"]} or "aliases" in o]


def _is_standard(options: list[Data]) -> bool:
    """Whether they are called what "yes" and "no" are called anyway."""

    def usual(option: Data) -> Data:
        said = YES_NO[option["code"]]
        return {"code": option["code"], "label": {language: said.get(language) for language in option["label"]}}

    return all(usual(option) == option for option in options)


def _most(row: Row, form: Form) -> Data:
    mark = row.get("mande::max")
    _limits(row, QuestionType.RANKING, form, {})
    return {"max": int(mark)} if mark.isdecimal() and len(mark) < 4 else {}


def _number(node: Node, form: Form) -> Shape:
    row = node.row
    if node.kind.name != "integer":
        form.note(row, "type", "numbers may have decimals", "whole numbers alone are taken")
    limits = _limits(row, QuestionType.NUMBER, form, {})
    return Shape(QuestionType.NUMBER, _bounded(row, limits, form) | _bands(row) | _unit(row, form))


def _bounded(row: Row, limits: Limits, form: Form) -> Data:
    if limits.min is None or limits.max is None:
        least = LEAST if limits.min is None else limits.min
        most = MOST if limits.max is None else limits.max
        form.note(row, "constraint", "the least or the most is not said", f"it is taken from {least} to {most}")
        return {"min": least, "max": most}
    return {"min": limits.min, "max": limits.max}


def _bands(row: Row) -> Data:
    bands = row.get("mande::bands").split()
    whole = all(band.removeprefix("-").isdecimal() for band in bands)
    return {"bands": [int(band) for band in bands]} if bands and whole else {}


def _unit(row: Row, form: Form) -> Data:
    unit = form.speech.text("survey", row, "mande::unit")
    return {"unit": unit} if unit else {}


def _range(node: Node, form: Form) -> Shape:
    row = node.row
    said = dict(part.split("=", 1) for part in row.get("parameters").replace(" = ", "=").split() if "=" in part)
    usual = {"start": "1", "end": "10", "step": "1"}
    try:
        start, end, step = (Decimal(said.get(name, value)) for name, value in usual.items())
        whole = [value == int(value) for value in (start, end, step)]
    except (InvalidOperation, ValueError, OverflowError):
        form.note(row, "parameters", "the range cannot be read", f"it is taken from {LEAST} to {MOST}")
        return Shape(QuestionType.NUMBER, {"min": LEAST, "max": MOST})
    if [str(value) for value in (start, end, step)] == ["0", "10", "1"]:
        form.note(row, "parameters", "its ends have no words", "they are called 0 and 10")
        ends = [{"code": code, "label": form.speech.everywhere(code)} for code in ("0", "10")]
        return Shape(QuestionType.RATING, {"options": ends}, {code: code for code in RATING_CODES})
    if step != 1 or not all(whole):
        form.note(row, "parameters", f"it goes in steps of {step}", "every whole number in between is taken")
    return Shape(QuestionType.NUMBER, {"min": int(min(start, end)), "max": int(max(start, end))})


def _date(node: Node, form: Form) -> Shape:
    if node.kind.name == "datetime":
        form.note(node.row, "type", "the time is asked with the date", "the date alone is asked")
    limits = _limits(node.row, QuestionType.DATE, form, {})
    bounds = {name: bound for name in ("min", "max") if (bound := getattr(limits, name)) is not None}
    return Shape(QuestionType.DATE, bounds)


def _text(node: Node, form: Form) -> Shape:
    row = node.row
    long = "multiline" in row.get("appearance").split() or row.get("parameters").startswith("rows=")
    kind = _marked(row, "text") or (QuestionType.LONG_TEXT if long else QuestionType.SHORT_TEXT)
    limits = _limits(row, kind, form, {})
    return Shape(kind, {"max_length": most} if (most := allowed(row, limits.max_length, form)) else {})


def allowed(row: Row, most: int | None, form: Form) -> int | None:
    """A length that a text can be limited to."""
    if most is not None and not 1 <= most <= LONGEST:
        form.note(row, "constraint", f"it may have {most} characters", f"a text has from 1 to {LONGEST:,}")
        return None
    return most


def _limits(row: Row, kind: QuestionType, form: Form, codes: Mapping[str, str]) -> Limits:
    limits = constraints.read(row.get("constraint"), kind, codes)
    for what in limits.lost:
        form.note(row, "constraint", f"an answer is checked by {what}", "this is not checked")
    return limits
