"""How the answer to a question may be spelled in a cell of a table: as a code, a label, a number, a date, a country."""

import re
from collections.abc import Mapping
from collections.abc import Sequence

from mande.events.countries import find_country
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.answers import FIRST_DAY
from mande.surveys.questionnaires.answers import LAST_DAY
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.matching import fold
from mande.surveys.questionnaires.standard import country_names

_WHOLE_NUMBER = re.compile(r"([+-]?\d+)[.,]0+")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")


class Spellings:
    """What cells may say in answer to one question. `languages` are the questionnaire's."""

    def __init__(self, question: Question, languages: Sequence[str]) -> None:
        self.question = question
        self.languages = languages
        self.known = _known(question, languages)

    def find(self, spelling: str) -> str | None:
        """The answer as it is kept, or None where this is none."""
        whole = _WHOLE_NUMBER.fullmatch(spelling)
        match self.question.type:
            case QuestionType.NUMBER:
                return answering.number(self.question, whole[1] if whole else spelling)
            case QuestionType.DATE:
                # Spreadsheets write a day as its first moment.
                return answering.day(self.question, _MIDNIGHT.sub("", spelling))
            case QuestionType.COUNTRY:
                return self.known.get(fold(spelling)) or find_country(spelling)
            case _:
                return self.known.get(whole[1] if whole else fold(spelling))

    def allowed(self) -> str:
        """What may be written, in words."""
        question, language = self.question, self.languages[0]
        match question.type:
            case QuestionType.NUMBER:
                unit = say(question.unit, language)
                return f"a whole number from {question.min} to {question.max}" + (f" ({unit})" if unit else "")
            case QuestionType.DATE:
                least, most = question.min or FIRST_DAY, question.max or LAST_DAY
                return f"a date written as 2026-11-22, from {least} to {most}"
            case QuestionType.COUNTRY:
                return "a country’s name or its code of two letters"
            case QuestionType.RANKING:
                return f"a rank from 1 to {len(question.ranks)}, where 1 is the first"
            case _:
                return ", ".join(_option(option.code, option.say(language)) for option in question.options)


def _option(code: str, label: str) -> str:
    """An option as it may be written: code, and label where it says more."""
    return code if fold(label) == fold(code) else f"{code} = {label}"


def _known(question: Question, languages: Sequence[str]) -> Mapping[str, str]:
    match question.type:
        case QuestionType.RANKING:
            return {rank: rank for rank in question.ranks}
        case QuestionType.COUNTRY:
            return {fold(name): code for language in languages for code, name in country_names(language).items()}
        case _:
            spellings = {OTHER: OTHER} if question.other else {}
            for option in question.options:
                for text in (option.code, *option.label.values(), *option.aliases):
                    spellings[fold(text)] = option.code
            return spellings
