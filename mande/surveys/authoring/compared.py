"""A questionnaire as it is compared with another: its sections and questions by code, nothing left unsaid. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mande.surveys.authoring import texts
from mande.surveys.questionnaires.building import Builder
from mande.surveys.questionnaires.building import question_to_dict
from mande.surveys.questionnaires.checking import Path


@dataclass(frozen=True)
class Asked:
    """A question, and the section that it stands in."""

    path: Path
    data: Mapping[str, Any]
    section: str


class Version:
    """A questionnaire with its sections and questions by code, texts by language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.languages = texts.languages(data)
        scales = data.get("scales")
        self.builder = Builder(tuple(self.languages), scales if isinstance(scales, Mapping) else {})
        self.sections: dict[str, tuple[Path, Mapping[str, Any]]] = {}
        self.questions: dict[str, Asked] = {}
        for path, section in texts.sections(data):
            code = str(section.get("code", ""))
            self.sections.setdefault(code, (path, section))
            for place, question in texts.questions({"sections": [section]}):
                asked = Asked((*path, *place[2:]), self.usual(question), code)
                self.questions.setdefault(str(question.get("code", "")), asked)

    def said(self, text: Any) -> dict[str, str]:
        return texts.said(text, self.languages[0])

    def title(self, text: Any) -> str:
        return next(iter(self.said(text).values()), "")

    def is_information(self, code: str) -> bool:
        return self.questions[code].data.get("type") == "info"

    def section_title(self, code: str) -> str:
        return self.title(self.sections[code][1].get("title")) or code

    def asked_in(self, section: str) -> list[str]:
        """The codes of a section's questions."""
        return [code for code, asked in self.questions.items() if asked.section == section]

    def usual(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """The question with everything said that goes without saying; a mistaken one with its texts by language."""
        try:
            return question_to_dict(self.builder.question(question))
        except (AttributeError, KeyError, TypeError, ValueError):
            listed = {
                name: [{**one, "label": self.said(one.get("label"))} for one in found]
                for name, found in (("options", texts.options(self.data, question)), ("rows", texts.rows(question)))
            }
            said = {name: self.said(question.get(name)) for name in texts.OF_QUESTION}
            return {**question, **said, **listed}
