"""A questionnaire as somebody would see it who does not exist. Their answers stand on the page itself and nowhere else.

What is asked and how it is worded is decided by the same functions as for respondents.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from mande import clock
from mande.events.models import Event
from mande.surveys.answering import forms
from mande.surveys.answering import paging
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.forms import Sheet
from mande.surveys.answering.paging import Page
from mande.surveys.answering.responding import placeholder_values
from mande.surveys.answering.visits import AskedEvent
from mande.surveys.answering.visits import AskedMeeting
from mande.surveys.answering.visits import AskedPartner
from mande.surveys.authoring.advice import reach
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import spoken

NAME = "Ada Example"


@dataclass(frozen=True)
class Look:
    """A questionnaire for one person, who took part as `facts` says, on a route and in a language."""

    definition: Definition
    facts: Facts
    route: Route
    language: str

    def pages(self, answers: Answers) -> tuple[Page, ...]:
        """The pages to answer, given these answers."""
        return paging.pages(self.definition, self.route, answers, self.facts)

    def sheet(self, number: int, answers: Answers) -> Sheet | None:
        """The page of this number, or None where it is not asked. The interface speaks the same language just now."""
        shown = self.pages(answers)
        page = next((page for page in shown if page.number == number), None)
        return forms.sheet(self.definition, page, len(shown), self.route, self.language) if page else None

    def sheets(self, answers: Answers) -> tuple[Sheet, ...]:
        return forms.sheets(self.definition, self.pages(answers), self.route, self.language)

    def kept(self, answers: Answers) -> Answers:
        """The answers to what is asked: what is no longer asked goes, as it does for respondents."""
        return paging.kept(self.definition, answers, self.facts)

    def read(self, text: str) -> Answers:
        """The answers that a page carries, as JSON; whatever cannot be an answer is dropped."""
        try:
            found = json.loads(text or "{}")
        except (RecursionError, ValueError):
            return {}
        return self.kept(answering.clean(self.definition, found)) if isinstance(found, dict) else {}


def look(
    definition: Definition,
    event: AskedEvent,
    roles: Collection[str],
    attended: Collection[str],
    mode: str | None,
    route: Route,
    language: str,
) -> Look:
    """What somebody with these roles sees who attended the meetings with these codes."""
    meetings = [Meeting(one.code, one.title) for one in event.meetings if one.code in attended]
    mine = for_person(definition, meetings)
    said = spoken(mine, {language: placeholder_values(event, language) for language in definition.languages})
    facts = Facts(tuple(roles), tuple(meeting.code for meeting in meetings), mode)
    return Look(said, facts, route, language)


def of_event(event: Event) -> AskedEvent:
    """An event as questionnaires speak of it."""
    return AskedEvent(
        id=event.id,
        code=event.code,
        title=event.title,
        convenor=event.convenor,
        time_zone=event.time_zone,
        manager_name=event.manager_name,
        manager_email=event.manager_email,
        meetings=tuple(AskedMeeting(one.code, one.title, one.starts_at, one.ends_at) for one in event.meetings),
        partners=tuple(AskedPartner(one.name) for one in event.partners),
    )


def invented(definition: Definition) -> AskedEvent:
    """An event for those who have none yet, with the meetings that the questionnaire's conditions name, or two."""
    conditions = [section.ask_if for section in definition.sections]
    conditions += [question.ask_if for question in definition.questions()]
    named = list(dict.fromkeys(code for condition in conditions for code in reach.meetings(condition)))
    first = clock.now() - timedelta(days=4)
    meetings = [
        AskedMeeting(code, code.replace("-", " ").replace("_", " ").capitalize(), start, start + timedelta(hours=2))
        for number, code in enumerate(named or ["part-one", "part-two"])
        for start in [first + timedelta(days=number)]
    ]
    return AskedEvent(
        id=uuid4(),
        code="EX1",
        title="An example of an event",
        convenor="Example House",
        time_zone="Europe/London",
        manager_name="Robin Example",
        manager_email="robin@example.org",
        meetings=tuple(meetings),
        partners=(AskedPartner("A Ministry of Foreign Affairs"), AskedPartner("Another Ministry")),
    )
