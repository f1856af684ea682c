"""How the invented people of the demonstration behave: who answers when, in which manner, and in which words.

Everything is drawn from a generator seeded with the person's address, so that every demonstration is the same.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from typing import Literal

import yaml
from markupsafe import escape

from mande.config import ROOT
from mande.demo.browser import Control
from mande.demo.browser import Form
from mande.events.models import Role

Manner = Literal["full", "short", "in two sittings", "changes a thing later", "never finishes"]

# Of each role, how many of those asked answer in the end, and on which day after opening they do so.
ANSWERING = {Role.PARTICIPANT: 17, Role.SPEAKER: 6, Role.PARTNER: 5}
DAYS = (0, 0, 0, 0, 1, 1, 1, 2, 5, 5, 6, 7, 8, 12, 13)
STATUSES = ("not_started", "some_progress", "well_advanced", "done")


@dataclass(frozen=True)
class Plan:
    """What one person will do. `day` counts from opening; None for somebody who never answers."""

    email: str
    day: int | None
    manner: Manner
    hour: int
    mood: float
    actions: tuple[dict[str, Any], ...]
    diligence: float


def words(path: Path = ROOT / "demo" / "words.yaml") -> dict[str, Any]:
    """What people write: comments by language and question, planned actions, reports on them."""
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def plans(asked: dict[str, Role], actions: list[dict[str, Any]]) -> dict[str, Plan]:
    """A plan for each address, given the role in which it is asked."""
    made: dict[str, Plan] = {}
    waiting = list(actions)
    for role in Role:
        emails = sorted((email for email, its in asked.items() if its is role), key=lambda email: _draw(email).random())
        for place, email in enumerate(emails):
            draw = _draw(email)
            answers = place < ANSWERING[role]
            made[email] = Plan(
                email=email,
                day=_day(role, place, answers, last=place == len(emails) - 1),
                manner=_manner(role, place, answers),
                hour=draw.choice((10, 13, 18)),
                mood=draw.gauss(0.72, 0.13),
                actions=tuple(waiting.pop() for _ in range(min(len(waiting), (1, 0, 1, 0, 2, 1, 0)[place % 7]))),
                diligence=draw.random(),
            )
    return made


def _draw(email: str, *more: object) -> Random:
    return Random(f"{email} {more}")  # noqa: S311 (a demonstration that is the same each time, no secret)


def _day(role: Role, place: int, answers: bool, last: bool) -> int | None:
    if answers:
        return DAYS[place % len(DAYS)]
    return 3 if role is Role.PARTICIPANT and last else None


def _manner(role: Role, place: int, answers: bool) -> Manner:
    if not answers:
        return "never finishes"
    if role is Role.PARTICIPANT and place in (3, 9):
        return "short" if place == 3 else "in two sittings"
    return "changes a thing later" if place == 4 else "full"


def fill(form: Form, plan: Plan, bank: dict[str, Any], language: str) -> None:
    """Chooses an answer for each control of a page of the questionnaire, and leaves some blank, as people do."""
    for control in form.controls.values():
        question = control.name.removeprefix("q-")
        draw = _draw(plan.email, question)
        if control.kind == "radio" and draw.random() > 0.04:
            control.chosen = [_choose(control, plan.mood, draw)]
        elif control.kind == "checkbox":
            control.chosen = [value for value in control.values if value != "other" and draw.random() < 0.35]
        elif control.kind in ("text", "textarea") and not question.endswith(".other") and draw.random() < 0.62:
            control.chosen = _say(bank["comments"].get(language, {}), question, draw)


def _say(comments: dict[str, list[str]], question: str, draw: Random) -> list[str]:
    """Something that nobody has said before; nothing once all has been said."""
    unsaid = comments.get(question, [])
    return [unsaid.pop(draw.randrange(len(unsaid)))] if unsaid else []


def _choose(control: Control, mood: float, draw: Random) -> str:
    numbers = sorted((value for value in control.values if value.isdigit()), key=int)
    others = [value for value in control.values if value and not value.isdigit() and value != "other"]
    if not numbers:
        return draw.choice(others)
    if "na" in others and draw.random() < 0.05:
        return "na"
    place = min(max(draw.gauss(mood, 0.19), 0.0), 1.0)
    return numbers[round(place * (len(numbers) - 1))]


def target_date(action: dict[str, Any], held_on: date) -> date:
    """By when somebody wants to have done it: their own date, or so many months after the event."""
    if "date" in action:
        return date.fromisoformat(str(action["date"]))
    month = held_on.month - 1 + int(action["months"])
    return date(held_on.year + month // 12, month % 12 + 1, min(held_on.day, 28))


def replies(plan: Plan, asked_before: int) -> bool:
    """Whether somebody answers their check-in; some always do, some never, most at times."""
    return _draw(plan.email, "replies", asked_before).random() < 0.35 + 0.6 * plan.diligence


def report(page: str, form: Form, plan: Plan, asked_before: int, bank: dict[str, Any], said: dict[str, str]) -> None:
    """Says how far each action on a page has come: never backwards, and now and then one is given up.

    `said` remembers the status of each action, by the prefix of its fields.
    """
    for place, control in enumerate([one for one in form.controls.values() if one.name.endswith("-status")]):
        prefix = control.name.removesuffix("-status")
        action = _action_above(page, control.name, plan)
        draw = _draw(plan.email, asked_before, place)
        status = said[prefix] = _next_status(said.get(prefix, STATUSES[0]), draw)
        control.chosen = [status]
        if status == "no_longer_planned":
            form.controls[f"{prefix}-what_changed"].chosen = [bank["given_up"]]
        elif status != STATUSES[0]:
            form.controls[f"{prefix}-what_changed"].chosen = [action["done" if status == "done" else "so_far"]]
            contribution = draw.choices(form.controls[f"{prefix}-contribution"].values, (1, 2, 5, 6, 2))
            form.controls[f"{prefix}-contribution"].chosen = contribution
        if status == "done":
            form.controls[f"{prefix}-evidence"].chosen = [draw.choice(bank["evidence"])]


def _action_above(page: str, field: str, plan: Plan) -> dict[str, Any]:
    """Which of a person's actions a field belongs to: the one last named before it on the page."""
    before = page[: page.index(field)]
    return max(plan.actions, key=lambda action: before.rfind(str(escape(action["what"]))))


def _next_status(last: str, draw: Random) -> str:
    if last not in STATUSES or draw.random() < 0.07:
        return "no_longer_planned"
    return STATUSES[min(STATUSES.index(last) + draw.choice((0, 1, 1, 1, 2)), len(STATUSES) - 1)]
