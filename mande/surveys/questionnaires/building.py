"""Makes the parts of a questionnaire out of data that has passed every check, and data out of the parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.questions import RATING_CODES
from mande.surveys.questionnaires.questions import Option
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Row
from mande.surveys.questionnaires.questions import Section
from mande.surveys.questionnaires.questions import Text
from mande.surveys.questionnaires.standard import YES_NO

SHORT, LONG = 200, 4000
FLAGS = ("not_applicable", "other", "comment", "required", "core", "internal")
BANDS = 5


@dataclass(frozen=True)
class Builder:
    """`scales` are the named lists of options that questions may refer to."""

    languages: tuple[str, ...]
    scales: Mapping[str, Any]

    def section(self, data: Mapping[str, Any]) -> Section:
        return Section(
            code=data["code"],
            title=self.text(data["title"]),
            intro=self.text(data.get("intro", {})),
            questions=tuple(self.question(question) for question in data["questions"]),
            ask_if=_condition(data),
            repeat=data.get("repeat", ""),
        )

    def question(self, data: Mapping[str, Any]) -> Question:
        kind = QuestionType(data["type"])
        return Question(
            code=data["code"],
            type=kind,
            text=self.text(data["text"]),
            hint=self.text(data.get("hint", {})),
            options=self.options(kind, data.get("options", ())),
            rows=tuple(Row(row["code"], self.text(row["label"])) for row in data.get("rows", ())),
            ask_if=_condition(data),
            criterion=data.get("criterion"),
            level=data.get("level"),
            comparable=data.get("comparable", ""),
            max_length=data.get("max_length", _usual_length(kind, data.get("other", False))),
            min=data.get("min"),
            max=data.get("max"),
            unit=self.text(data.get("unit", {})),
            bands=_bands(kind, data),
            display=data.get("display", ""),
            why=data.get("why", "").strip(),
            **{flag: data.get(flag, False) for flag in FLAGS},
        )

    def options(self, kind: QuestionType, data: Any) -> tuple[Option, ...]:
        listed = self.scales[data] if isinstance(data, str) else data
        options = tuple(
            Option(str(o["code"]), self.text(o["label"]), tuple(o.get("aliases", ())), o.get("exclusive", False))
            for o in listed
        )
        if kind is QuestionType.YES_NO and not options:
            return tuple(
                Option(code, {language: said[language] for language in self.languages}) for code, said in YES_NO.items()
            )
        if kind is not QuestionType.RATING:
            return options
        labelled = {option.code: option for option in options}
        return tuple(labelled.get(code, Option(code, {})) for code in RATING_CODES)

    def text(self, data: Any) -> Text:
        if isinstance(data, str):
            return {self.languages[0]: data.strip()}
        return {language: data[language].strip() for language in self.languages if language in data}


def section_to_dict(section: Section) -> dict[str, Any]:
    """What `Builder.section` makes the same section of."""
    said = {"code": section.code, "title": dict(section.title), "intro": dict(section.intro), "repeat": section.repeat}
    return without_empty(said | _condition_to_dict(section.ask_if)) | {
        "questions": [question_to_dict(question) for question in section.questions]
    }


def question_to_dict(question: Question) -> dict[str, Any]:
    """What `Builder.question` makes the same question of."""
    options = [
        without_empty({**vars(option), "label": dict(option.label), "aliases": list(option.aliases)})
        for option in question.options
        if option.label
    ]
    values = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    rows = [{"code": row.code, "label": dict(row.label)} for row in question.rows]
    texts = {"text": dict(question.text), "hint": dict(question.hint), "unit": dict(question.unit)}
    changed = {"type": str(question.type), "bands": list(question.bands), "options": options, "rows": rows}
    said = without_empty(values | texts | changed | _condition_to_dict(question.ask_if))
    # Nought is a bound like any other.
    return said | {name: value for name in ("min", "max") if (value := values[name]) is not None}


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _condition(data: Mapping[str, Any]) -> Condition | None:
    return conditions.parse(data["ask_if"]) if "ask_if" in data else None


def _condition_to_dict(condition: Condition | None) -> dict[str, Any]:
    return {"ask_if": conditions.to_dict(condition) if condition else None}


def _usual_length(kind: QuestionType, other: bool) -> int:
    if kind is QuestionType.LONG_TEXT:
        return LONG
    return SHORT if kind is QuestionType.SHORT_TEXT or other else 0


def _bands(kind: QuestionType, data: Mapping[str, Any]) -> tuple[int, ...]:
    """As the author has them; otherwise each number where there are few, or five bands of about the same width."""
    if kind is not QuestionType.NUMBER or data.get("bands"):
        return tuple(data.get("bands", ()))
    least, most = data["min"], data["max"]
    width = most - least + 1
    bounds = [least + width * band // BANDS for band in range(BANDS)] if width > 2 * BANDS else range(least, most + 1)
    return tuple(bounds)
