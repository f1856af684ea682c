"""The sheet "choices" as it is written: one list for all questions that offer the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform import words
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Text
from mande.surveys.questionnaires.standard import country_names

ALIASES = "mande_aliases"
COUNTRIES = "countries"

Choice = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]
"""Code, label by language, aliases."""


@dataclass
class Lists:
    """The lists so far."""

    languages: Sequence[str]
    named: dict[tuple[Choice, ...], str] = field(default_factory=dict)

    def name_of(self, question: Question) -> str:
        """The list that offers what this question does, made if there is none yet."""
        choices = self.choices(question)
        if choices not in self.named:
            wanted = COUNTRIES if question.type is QuestionType.COUNTRY else question.code
            name, number = wanted, 2
            while name in self.named.values():
                name, number = f"{wanted}_{number}", number + 1
            self.named[choices] = name
        return self.named[choices]

    def choices(self, question: Question) -> tuple[Choice, ...]:
        if question.type is QuestionType.COUNTRY:
            return tuple(self.choice(code, self.country(code)) for code in country_names(self.languages[0]))
        found = [
            self.choice(option.code, option.label or dict.fromkeys(self.languages, option.code), option.aliases)
            for option in question.options
        ]
        if question.other:
            found.append(self.choice(OTHER, words.said(words.OTHER, self.languages)))
        if question.not_applicable:
            found.append(self.choice(NOT_APPLICABLE, words.said(words.NOT_APPLICABLE, self.languages)))
        return tuple(found)

    def country(self, code: str) -> Text:
        return {language: country_names(language).get(code, code) for language in self.languages}

    def choice(self, code: str, label: Text, aliases: tuple[str, ...] = ()) -> Choice:
        return code, tuple((language, label[language]) for language in self.languages if language in label), aliases
