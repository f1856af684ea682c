"""The answers of one response: what they may hold, and how they are put in order.

Answers are kept by code: a scale, single choice or rating (a matrix: each row, as "question.row") holds an option's
code, NOT_APPLICABLE or OTHER; a multiple choice a list of codes; a text a string; the text beside "other" lies under
"question.other". What is absent is missing.
"""

import re
import unicodedata
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from mande.surveys.definition import Definition
from mande.surveys.definition import Question
from mande.surveys.definition import QuestionType

NOT_APPLICABLE = "na"
OTHER = "other"

Answers = dict[str, str | list[str]]

# Control characters but line feed and tab (C0, DEL, C1), the Unicode separators of lines, marks of byte order, signs
# that turn the direction of what follows (embeddings, overrides, isolates), which could make a text show something
# else than it says, characters that are none, and the invisible tag characters. Joiners and the plain left-to-right
# and right-to-left marks stay: scripts need them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b-\u200f\u061c\u2060\u00ad\u180e\u3164\u115f\u1160\u2800\ufe00-\ufe0f]")
_MANY_BLANK_LINES = re.compile("\n{4,}")


def other_code(question: str) -> str:
    """The code of the text beside "other"."""
    return f"{question}.{OTHER}"


def text_codes(definition: Definition) -> dict[str, Question]:
    """The codes under which text is kept, in order, with the question each belongs to."""
    codes: dict[str, Question] = {}
    for question in definition.questions():
        if question.type.is_text:
            codes[question.code] = question
        elif question.other:
            codes[other_code(question.code)] = question
    return codes


def codes(definition: Definition) -> list[str]:
    """Every code an answer may have, in the order of the questionnaire."""
    return [code for question in definition.questions() for code in question_codes(question)]


def question_codes(question: Question) -> list[str]:
    """The codes under which answers to one question are kept, the text beside "other" included."""
    if question.type.is_text:
        return [question.code]
    return [item.code for item in question.items()] + ([other_code(question.code)] if question.other else [])


def choices(question: Question) -> tuple[str, ...]:
    """What may be chosen, "other" and "na" included where the question has them."""
    extra = (OTHER,) * question.other + (NOT_APPLICABLE,) * question.not_applicable
    return question.codes + extra


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
    """What of `answers` can be: known codes, options that exist, texts normalised and cut to their limit.

    The text beside an "other" that is not chosen goes. So does "none of these" beside something that is of these: who
    ticked a thing meant it. The result is in the order of the questionnaire, and cleaning it again changes nothing.
    """
    kept: Answers = {}
    for question in definition.questions():
        if question.type.is_text:
            _keep_text(kept, question.code, question, answers)
            continue
        for item in question.items():
            if value := _choice(question, answers.get(item.code)):
                kept[item.code] = value
        if question.other and chose_other(kept, question.code):
            _keep_text(kept, other_code(question.code), question, answers)
    return kept


def _choice(question: Question, value: Any) -> str | list[str] | None:
    if question.type is QuestionType.MULTIPLE:
        chosen = value if isinstance(value, list | tuple) else [value]
        several = [code for code in choices(question) if code in chosen]
        alone = {option.code for option in question.options if option.exclusive}
        return [code for code in several if code not in alone] or several[:1]
    return value if isinstance(value, str) and value in choices(question) else None


def _keep_text(kept: Answers, code: str, question: Question, answers: Mapping[str, Any]) -> None:
    value = answers.get(code)
    if not isinstance(value, str):
        return
    one_line = question.type is not QuestionType.LONG_TEXT
    # A cut may leave white space at the end, or a character whose mark was cut off: hence a second time.
    if text := normalise_text(normalise_text(value, one_line)[: question.max_length], one_line):
        kept[code] = text
