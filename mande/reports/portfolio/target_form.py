"""What staff type to set a target, and what is wrong with it. Pure."""

import re
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from flask_babel import gettext as _

from mande.reports.kinds import Measure
from mande.reports.portfolio.targets import OF_QUESTIONS

MOST_POINTS = 10
LONGEST_CODE, LONGEST_PROGRAMME = 80, 200
_CODE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)?")


@dataclass
class Typed:
    """What was typed, as it was typed, and problems by field. `value` is set where there are none."""

    measure: str = Measure.RESPONSE.value
    question: str = ""
    programme: str = ""
    amount: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    value: float = 0.0

    @property
    def kind(self) -> Measure:
        return Measure(self.measure)


def read(form: Mapping[str, str], programmes: Collection[str]) -> Typed:
    """A new target. `programmes` are those that there are."""
    typed = Typed(
        form.get("measure", ""),
        form.get("question", "").strip()[:LONGEST_CODE],
        form.get("programme", "").strip()[:LONGEST_PROGRAMME],
        form.get("amount", "").strip()[:20],
    )
    if typed.measure not in list(Measure):
        typed.problems["measure"] = _("Choose what the target is for.")
        return typed
    of_question = typed.kind in OF_QUESTIONS
    if of_question and not _CODE.fullmatch(typed.question):
        typed.problems["question"] = _("Give the code of a question, such as overall or sessions.relevance.")
    if not of_question:
        typed.question = ""
    if typed.programme and typed.programme not in programmes:
        typed.problems["programme"] = _("No event belongs to this programme.")
    value(typed, typed.kind)
    return typed


def value(typed: Typed, measure: Measure) -> None:
    """Reads the amount: a mean as it is, all others in percent."""
    number = _number(typed.amount.removesuffix("%").strip())
    if measure is Measure.MEAN:
        if number is None or not 0 <= number <= MOST_POINTS:
            typed.problems["amount"] = _("Give a mean, such as 4.2.")
            return
        typed.value = round(number, 2)
        return
    if number is None or not 0 <= number <= 100:
        typed.problems["amount"] = _("Give a percentage from 0 to 100, such as 80.")
        return
    typed.value = round(number / 100, 4)


def amount(measure: Measure, number: float) -> str:
    """A target as it is typed."""
    return f"{number:g}" if measure is Measure.MEAN else f"{100 * number:g}"


def _number(text: str) -> float | None:
    plain = text.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,3}(\.\d{1,4})?", plain) else None
