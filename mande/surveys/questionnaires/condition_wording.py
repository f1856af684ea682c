"""A condition as a sentence, in the language of the page: "Only if you answered “No” to “Was it useful?”." """

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Literal

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.conditions import All
from mande.surveys.questionnaires.conditions import Answered
from mande.surveys.questionnaires.conditions import Chosen
from mande.surveys.questionnaires.conditions import Compared
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.conditions import Either
from mande.surveys.questionnaires.conditions import Not
from mande.surveys.questionnaires.conditions import TookPart
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import say as say_text
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Row
from mande.surveys.questionnaires.standard import country_names

Style = Literal["standard", "or"]

LABELLED = (QuestionType.SCALE, QuestionType.MATRIX)


def say(condition: Condition, definition: Definition, language: str) -> str:
    """When a question with this condition is asked. Questions and answers are quoted in `language`."""
    return str(_("Only if %(condition)s.", condition=clause(condition, definition, language)))


def clause(condition: Condition, definition: Definition, language: str) -> str:
    """The same without the words around it, to follow "if"."""
    return _Speaker(definition, language).clause(condition, True)


class _Speaker:
    """`true` says whether a condition has to hold, or has not to: "not" is said where it applies, never of a group."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.language = language

    def clause(self, condition: Condition, true: bool) -> str:
        match condition:
            case All(parts) | Either(parts):
                return self._group(parts, "standard" if isinstance(condition, All) is true else "or", true)
            case Not(part):
                return self.clause(part, not true)
            case Chosen(code, codes):
                return self._chosen(code, codes, true)
            case Answered(code, given):
                return self._answered(code, given is true)
            case Compared(code, limit, side):
                return self._compared(code, limit, side, true)
            case TookPart(fact, values):
                return self._took_part(fact, values, true)

    def _group(self, parts: Sequence[Condition], style: Style, true: bool) -> str:
        if len(parts) == 1:
            return self.clause(parts[0], true)
        said = [self.clause(part, true) for part in parts]
        grouped = [f"({text})" if _is_group(part) else text for part, text in zip(parts, said, strict=True)]
        return _listed(grouped, style)

    def _chosen(self, code: str, codes: Sequence[str], true: bool) -> str:
        question, row = self._find(code)
        if question.type is QuestionType.RANKING and row:
            values = {"option": say_text(row.label, self.language), "ranks": _listed(codes, "or")}
            said = _("you gave “%(option)s” rank %(ranks)s", **values)
            return str(said if true else _("you did not give “%(option)s” rank %(ranks)s", **values))
        values = {"question": self._quoted(question, row), "answers": self._labels(question, codes)}
        if question.type is QuestionType.MULTIPLE:
            said = _("you chose %(answers)s among the answers to “%(question)s”", **values)
            refused = _("you did not choose %(answers)s among the answers to “%(question)s”", **values)
        else:
            said = _("you answered %(answers)s to “%(question)s”", **values)
            refused = _("you did not answer %(answers)s to “%(question)s”", **values)
        return str(said if true else refused)

    def _answered(self, code: str, given: bool) -> str:
        question, row = self._find(code)
        if question.type is QuestionType.RANKING and row:
            option = say_text(row.label, self.language)
            return str(_("you ranked “%(option)s”", option=option) if given else
                       _("you did not rank “%(option)s”", option=option))  # fmt: skip
        quoted = self._quoted(question, row)
        return str(_("you answered “%(question)s”", question=quoted) if given else
                   _("you did not answer “%(question)s”", question=quoted))  # fmt: skip

    def _compared(self, code: str, limit: int, side: str, true: bool) -> str:
        question, row = self._find(code)
        at_least = side == "at_least"
        if question.type in LABELLED:
            within = [one for one in question.codes if (int(one) >= limit if at_least else int(one) <= limit)]
            if within:
                return self._chosen(code, within, true)
        if question.type is QuestionType.RANKING and row:
            values = {"option": say_text(row.label, self.language), "rank": str(limit)}
            said = (_("you gave “%(option)s” rank %(rank)s or a later one", **values) if at_least else
                    _("you gave “%(option)s” rank %(rank)s or an earlier one", **values))  # fmt: skip
            return str(said if true else _("it is not so that %(condition)s", condition=said))
        values = {"question": self._quoted(question, row), "number": str(limit)}
        said = (_("your answer to “%(question)s” is %(number)s or more", **values) if at_least else
                _("your answer to “%(question)s” is %(number)s or less", **values))  # fmt: skip
        return str(said if true else _("it is not so that %(condition)s", condition=said))

    def _took_part(self, fact: str, values: Sequence[str], true: bool) -> str:
        if fact == "meeting":
            quoted = _listed([_quote(value) for value in values], "or")
            return str(_("you attended %(meetings)s", meetings=quoted) if true else
                       _("you did not attend %(meetings)s", meetings=quoted))  # fmt: skip
        names = {
            "participant": _("as a participant"),
            "speaker": _("as a speaker"),
            "partner": _("for a partner"),
            "in_person": _("in the room"),
            "online": _("online"),
        }
        how = _listed([str(names[value]) for value in values], "or")
        return str(_("you took part %(how)s", how=how) if true else _("you did not take part %(how)s", how=how))

    def _find(self, code: str) -> tuple[Question, Row | None]:
        """The question, and the row of a matrix or option of a ranking, that a condition is about."""
        name, _dot, _row = code.partition(".")
        question = self.definition.question(name)
        return question, next((item.row for item in question.items() if item.code == code), None)

    def _quoted(self, question: Question, row: Row | None) -> str:
        return say_text(row.label if row else question.text, self.language)

    def _labels(self, question: Question, codes: Sequence[str]) -> str:
        named = {OTHER: str(_("Other")), NOT_APPLICABLE: str(_("Not applicable"))}
        if question.type is QuestionType.COUNTRY:
            named |= country_names(self.language)
        named |= {option.code: option.say(self.language) for option in question.options}
        return _listed([_quote(named.get(code, code)) for code in codes], "or")


def _is_group(condition: Condition) -> bool:
    match condition:
        case All(parts) | Either(parts):
            return len(parts) > 1 or _is_group(parts[0])
        case Not(part):
            return _is_group(part)
        case _:
            return False


def _quote(text: str) -> str:
    return str(_("“%(text)s”", text=text))


def _listed(texts: Iterable[str], style: Style) -> str:
    return format_list(list(texts), style=style, locale=get_locale() or "en")
