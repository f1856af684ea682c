"""A draft, or a version, at a glance: its sections and questions with all that is worth knowing in one line each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import kinds
from mande.surveys.authoring.editor import places
from mande.surveys.authoring.editor import sentences
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.questionnaires.checking import Problem
from mande.surveys.questionnaires.questions import say


@dataclass(frozen=True)
class QuestionLine:
    """One question. `only_if` is its condition as a sentence, `problems` how many the check has found in it."""

    code: str
    type: str
    text: str
    flags: tuple[str, ...]
    only_if: str
    problems: int


@dataclass(frozen=True)
class SectionLine:
    code: str
    title: str
    repeated: bool
    only_if: str
    problems: int
    questions: tuple[QuestionLine, ...]


def lines(data: Data, found: Sequence[Problem] = ()) -> list[SectionLine]:
    """One line for each section and question, in the main language."""
    wrong = Counter((spot.page, spot.code) for spot in (places.spot(data, problem.path) for problem in found))
    language = data["languages"][0]
    return [
        SectionLine(
            code=section["code"],
            title=say(section.get("title", {}), language),
            repeated=bool(section.get("repeat")),
            only_if=sentences.said(section.get("ask_if"), data),
            problems=wrong["section", section["code"]] + wrong["outline", section["code"]],
            questions=tuple(
                QuestionLine(
                    code=question["code"],
                    type=question["type"],
                    text=say(question.get("text", {}), language),
                    flags=tuple(flag for flag in kinds.FLAGS if question.get(flag)),
                    only_if=sentences.said(question.get("ask_if"), data),
                    problems=wrong["question", question["code"]],
                )
                for question in section["questions"]
            ),
        )
        for section in editing.sections(data)
    ]
