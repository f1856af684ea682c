"""What a piece of advice is."""

from dataclasses import dataclass
from enum import StrEnum

from mande.surveys.questionnaires.problems import Path
from mande.surveys.questionnaires.problems import Problem


class Severity(StrEnum):
    """A warning names what will go wrong; a hint what could be better."""

    WARNING = "warning"
    HINT = "hint"


class Topic(StrEnum):
    REACH = "reach"
    LANGUAGES = "languages"
    ANONYMITY = "anonymity"
    EFFORT = "effort"
    WORDING = "wording"
    PHONE = "phone"


@dataclass(frozen=True)
class Advice:
    """What to think about, where, and what to do."""

    path: Path
    severity: Severity
    topic: Topic
    message: str

    def __str__(self) -> str:
        return str(Problem(self.path, self.message))


def warning(path: Path, topic: Topic, message: str) -> Advice:
    return Advice(path, Severity.WARNING, topic, message)


def hint(path: Path, topic: Topic, message: str) -> Advice:
    return Advice(path, Severity.HINT, topic, message)
