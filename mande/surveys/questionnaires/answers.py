"""The answers of one response: what they may hold, and how they are put in order.

Answers are kept by code: a scale, single choice, rating or country (a matrix: each row, as "question.row") holds an
option's code, NOT_APPLICABLE or OTHER; a multiple choice a list of codes; a ranking, for each option that was ranked,
as "question.option", its rank; a number its digits; a date "2026-11-22"; a text a string; the text beside "other" lies
under "question.other", a free comment under "question.comment". What is absent is missing.
"""

import re
import unicodedata
from collections.abc import Collection
from collections.abc import Mapping
from datetime import date
from typing import Any

from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.standard import country_names

NOT_APPLICABLE = "na"
OTHER = "other"
COMMENT = "comment"
COMMENT_LENGTH = 1000
FIRST_DAY, LAST_DAY = "1900-01-01", "2099-12-31"

Answers = dict[str, str | list[str]]

# Control characters but line feed and tab (C0, DEL, C1), the Unicode separators of lines, marks of byte order, signs
# that turn the direction of what follows (embeddings, overrides, isolates), which could make a text show something
# else than it says, characters that are none, and the invisible tag characters. Joiners and the plain left-to-right
# and right-to-left marks stay: scripts need them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ud800-\ue000\ufff0-\ufffb\U000e0000-\U000e0fff"
    + "\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b-\u200f\u061c\u2060\u00ad\u180e\u3164\u115f\u1160\u2800\ufe00-\ufe0f]")
_WHOLE = re.compile(r"[+-]?\d{1,12}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[  \u202f\u2009,.'’٬]\d{3})+")
_SEPARATOR = re.compile(r"[  \u202f\u2009,.'’٬]")
_MANY_BLANK_LINES = re.compile("\n{4,}")


def other_code(question: str) -> str:
    """The code of the text beside "other"."""
    return f"{question}.{OTHER}"


def comment_code(question: str) -> str:
    """The code of the free comment beside a question."""
    return f"{question}.{COMMENT}"


def text_codes(definition: Definition) -> dict[str, Question]:
    """The codes under which text is kept, in order, with the question each belongs to."""
    return {code: question for question in definition.questions() for code in _texts_of(question)}


def codes(definition: Definition) -> list[str]:
    """Every code an answer may have, in the order of the questionnaire."""
    return [code for question in definition.questions() for code in question_codes(question)]


def question_codes(question: Question) -> list[str]:
    """The codes under which answers to one question are kept, the text beside "other" and the comment included."""
    return [item.code for item in question.items()] + _texts_of(question)


def choices(question: Question) -> tuple[str, ...]:
    """What may be chosen, "other" and "na" included where the question has them. Of numbers and dates nothing."""
    extra = (OTHER,) * question.other + (NOT_APPLICABLE,) * question.not_applicable
    if question.type is QuestionType.COUNTRY:
        return tuple(country_names("en")) + extra
    return (question.ranks if question.type is QuestionType.RANKING else question.codes) + extra


def chose_other(answers: Mapping[str, Any], question: str) -> bool:
    """Whether "other" is chosen, alone or among several."""
    value = answers.get(question)
    return value == OTHER or (isinstance(value, list) and OTHER in value)


def normalise_text(text: str, one_line: bool = False) -> str:
    """The text as it is kept: line ends as LF, NFC, no control or direction-changing characters, no white space around
    it or at the ends of its lines. "" where nothing is left that can be seen: white space is no answer.
    """
    text = _UNSAFE.sub("", _LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", text).replace("\t", " ")
    if one_line:
        text = " ".join(text.split())
    text = _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
    return text if _INVISIBLE.sub("", text).strip() else ""


def unknown(definition: Definition, answers: Collection[str]) -> list[str]:
    """The codes among `answers` that the questionnaire does not know, in their order."""
    known = set(codes(definition))
    return [code for code in answers if code not in known]


def clean(definition: Definition, answers: Mapping[str, Any]) -> Answers:
    """What of `answers` can be: known codes, options that exist, values within their bounds, texts normalised and
    cut to their limit.

    The text beside an "other" that is not chosen goes. So does "none of these" beside something that is of these: who
    ticked a thing meant it. The result is in the order of the questionnaire, and cleaning it again changes nothing.
    """
    kept: Answers = {}
    for question in definition.questions():
        ranks = set()
        for item in question.items():
            value = _value(question, answers.get(item.code))
            if value and (question.type is not QuestionType.RANKING or value not in ranks):
                kept[item.code] = value
                ranks.add(value if isinstance(value, str) else "")
        for code in _texts_of(question):
            if code != other_code(question.code) or chose_other(kept, question.code):
                _keep_text(kept, code, question, answers)
    return kept


def number(question: Question, text: str) -> str | None:
    """A whole number within the question's bounds as it is kept, from what was typed: "1,200" and "١٢٠٠" are "1200".

    None where it is none.
    """
    plain = text.strip().replace("−", "-")
    if _GROUPED.fullmatch(plain):
        plain = _SEPARATOR.sub("", plain)
    if not _WHOLE.fullmatch(plain):
        return None
    value = int(plain)
    return str(value) if _is_within(question, value) else None


def day(question: Question, text: str) -> str | None:
    """A date within the question's bounds as it is kept ("2026-11-22"), or None where it is none."""
    try:
        value = date.fromisoformat(text.strip())
    except ValueError:
        return None
    least, most = (date.fromisoformat(str(end)) for end in (question.min or FIRST_DAY, question.max or LAST_DAY))
    return value.isoformat() if least <= value <= most else None


def _value(question: Question, value: Any) -> str | list[str] | None:
    if question.type is QuestionType.MULTIPLE:
        return _several(question, value if isinstance(value, list | tuple) else [value])
    if not isinstance(value, str):
        return None
    if value == NOT_APPLICABLE and question.not_applicable:
        return value
    match question.type:
        case QuestionType.NUMBER:
            return number(question, value)
        case QuestionType.DATE:
            return day(question, value)
        case _:
            return value if value in choices(question) else None


def _several(question: Question, chosen: Collection[Any]) -> list[str]:
    several = [code for code in choices(question) if code in chosen]
    alone = {option.code for option in question.options if option.exclusive}
    several = [code for code in several if code not in alone] or several[:1]
    return several[: question.max] if isinstance(question.max, int) else several


def _is_within(question: Question, value: int) -> bool:
    least, most = question.min, question.max
    return not (isinstance(least, int) and value < least) and not (isinstance(most, int) and value > most)


def _texts_of(question: Question) -> list[str]:
    """The codes under which text is kept that belongs to a question."""
    if question.type.is_text:
        return [question.code]
    beside = [other_code(question.code)] * question.other
    return beside + [comment_code(question.code)] * question.comment


def text_limit(question: Question, code: str) -> int:
    """How many characters the text under `code` may have."""
    return COMMENT_LENGTH if code == comment_code(question.code) else question.max_length


def _keep_text(kept: Answers, code: str, question: Question, answers: Mapping[str, Any]) -> None:
    value = answers.get(code)
    if not isinstance(value, str):
        return
    one_line = question.type is not QuestionType.LONG_TEXT and code != comment_code(question.code)
    # A cut may leave white space at the end, or a character whose mark was cut off: hence a second time.
    if text := normalise_text(normalise_text(value, one_line)[: text_limit(question, code)], one_line):
        kept[code] = text
