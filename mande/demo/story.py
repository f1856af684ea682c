"""The whole life of WP1873v, lived through the application itself under a moved clock.

Messages leave by SMTP and are read from the catcher; people answer through the pages their links open; staff sign in,
open the surveys and review the comments. Only the account, the event and its attendee list are set up from within, by
the operations that the commands use too.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.config import ROOT
from mande.demo import people
from mande.demo.browser import Browser
from mande.demo.browser import Form
from mande.demo.browser import PageError
from mande.demo.later import Later
from mande.demo.letters import Letter
from mande.demo.letters import Mailbag
from mande.demo.people import Plan
from mande.demo.place import STAFF_EMAIL
from mande.demo.place import Place
from mande.demo.publishing import Publishing
from mande.events import operations as events
from mande.events import roles
from mande.events.describing import files
from mande.events.importing import imports
from mande.events.models import Event
from mande.followup import clockwork
from mande.staff import accounts
from mande.staff.models import StaffRole

CODE = "WP1873v"
ZONE = ZoneInfo("Europe/London")
HOURS = (10, 13, 18)
TOLD = {
    "close surveys": ("A survey is closed: boxes opened, shuffled, counted, keys destroyed",
                      "{} surveys are closed: boxes opened, shuffled, counted, keys destroyed"),
    "remind": ("A reminder is written for somebody who has not answered",
               "Reminders are written for {} people who have not answered"),
    "thank": ("A thank-you is written to somebody who was asked, whether they answered or not",
              "Thank-yous are written to {} people who were asked, whether they answered or not"),
    "check in": ("A check-in falls due for an owner of planned actions",
                 "Check-ins fall due for {} owners of planned actions"),
    "send messages": ("A message leaves", "{} messages leave"),
}  # fmt: skip
THE_END = date(2022, 7, 12)


class Story:
    """Tells the story day by day until a date. `say` receives what happens, a line at a time."""

    def __init__(self, app: Flask, place: Place, say: Callable[[str], None]) -> None:
        self.app = app
        self.place = place
        self.say = say
        self.bag = Mailbag(place.mail)
        self.words = people.words()
        self.plans: dict[str, Plan] = {}
        self.links: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.opened_on = date.max
        self.check_ins: dict[str, int] = {}
        self.statuses: dict[str, str] = {}
        # Who was asked last and said nothing, and when; the pages of owners, by their addresses.
        self.silent: dict[str, datetime] = {}
        self.homes: dict[str, str] = {}
        self.later = Later(self)
        self.publishing = Publishing(self)

    def tell(self, until: date) -> None:
        """Lives every day up to and with `until`."""
        self._set_up()
        self._at(date(2021, 6, 9), 16)
        self._open()
        day = self.opened_on
        while day <= until:
            for hour in HOURS if day < date(2021, 7, 2) else HOURS[::2]:
                if self._at(day, hour):
                    self._live(day, hour)
            day += timedelta(days=1)

    def _at(self, day: date, hour: int) -> bool:
        moment = datetime.combine(day, time(hour, 1), ZONE)
        if moment < clock.now():
            return False
        clock.move_to(moment)
        return True

    def note(self, line: str) -> None:
        local = clock.now().astimezone(ZONE)
        self.say(f"{local:%d %b %Y, %H:%M}  {line}")

    def _set_up(self) -> None:
        clock.move_to(datetime(2021, 5, 24, 9, 0, tzinfo=ZONE))
        with db.transaction() as session:
            accounts.add(session, STAFF_EMAIL, "Demonstration", StaffRole.ADMINISTRATOR, self.place.password)
            event = files.load_event(session, ROOT / "demo" / "WP1873v.yaml")
            self.note(f"{event.code} is set up: {event.title}")
            self.import_attendees(session, event)
        with db.reading() as session:
            attended = events.attendees(session, events.find(session, CODE))
            asked = {one.person.email: roles.asked_as([held.role for held in one.roles]) for one in attended}
            self.names = {one.person.email: one.person.name for one in attended}
        self.plans = people.plans(asked, self.words["actions"])

    def import_attendees(self, session: Session, event: Event) -> None:
        """Takes the invented list into an event, as `mande attendees import` does."""
        path = ROOT / "demo" / "WP1873v-attendees.csv"
        planned = imports.plan(session, event, path.read_bytes())
        imports.carry_out(session, event, planned, path.name, STAFF_EMAIL)
        found = ", ".join(f"{number} {outcome}" for outcome, number in planned.counts.items() if number)
        self.note(f"The attendee list of {event.code} is imported: {found}")

    def _open(self) -> None:
        browser = self.signed_in()
        browser.visit(f"/staff/events/{CODE}")
        browser.send(browser.form("/surveys/open"))
        self.opened_on = clock.today(ZONE.key)
        self.note("Both parts are over: the surveys open")

    def _live(self, day: date, hour: int) -> None:
        for job, count in clockwork.tick().items():
            if count and job in TOLD:
                self.note(TOLD[job][count > 1].format(count))
        for letter in self.bag.new():
            if not self.later.receive(letter) and not self.publishing.receive(letter):
                self._receive(letter)
        days_open = (day - self.opened_on).days
        for plan in self.plans.values():
            self._answer(plan, days_open, hour)
        if (day, hour) == (date(2021, 7, 1), HOURS[1]):
            self._review_comments()
        if hour == HOURS[0]:
            for do in (*self.later.days.get(day, ()), *self.publishing.days.get(day, ())):
                self.note(do())

    def _receive(self, letter: Letter) -> None:
        if "/r/" in letter.link:
            self.links[letter.to] = letter.link
        elif "/report" in letter.link and letter.to in self.plans:
            self._check_in(letter)

    def browser(self) -> Browser:
        return Browser(self.app.test_client(use_cookies=False))

    def signed_in(self) -> Browser:
        browser = Browser(self.app.test_client())
        browser.visit("/staff/sign-in")
        browser.send(browser.form("/sign-in"), email=STAFF_EMAIL, password=self.place.password)
        return browser

    def staff(self, address: str) -> Browser:
        """A page of staff, whoever of the team looks at it."""
        browser = self.signed_in()
        browser.visit(address)
        return browser

    def name_of(self, email: str) -> str:
        """What somebody who attended is called."""
        return self.names[email]

    def readdress(self, old: str, new: str) -> None:
        """From now on somebody is written to at another address."""
        self.plans[new] = replace(self.plans.pop(old), email=new)
        self.homes[new] = self.homes.pop(old)
        self.names[new] = self.names.pop(old)
        self.check_ins[new] = self.check_ins.pop(old, 0)
        self.silent.pop(old, None)

    def _answer(self, plan: Plan, days_open: int, hour: int) -> None:
        if plan.email not in self.links or hour != (HOURS[-1] if days_open == 0 else plan.hour):
            return
        if plan.day is None:
            if days_open == 2:
                self._plan_actions(plan)
        elif plan.manner in ("in two sittings", "changes a thing later") and days_open == plan.day + 1:
            self._questionnaire(plan, finish=True)
        elif days_open == plan.day:
            self._questionnaire(plan, finish=plan.manner not in ("in two sittings", "never finishes"))
            self._plan_actions(plan)

    def _questionnaire(self, plan: Plan, finish: bool) -> None:
        browser = self.browser()
        browser.visit(self.links[plan.email])
        self._start(browser, plan)
        while "/section/" in browser.address:
            language = "fr" if '<html lang="fr"' in browser.html else "en"
            form = browser.form(urlsplit(browser.address).path)
            people.fill(form, plan, self.words, language)
            browser.send(form)
            if not finish:
                return
        browser.send(browser.form("/submit"))

    def _start(self, browser: Browser, plan: Plan) -> None:
        try:
            form = browser.form("/start")
        except PageError:
            self._come_back(browser)
        else:
            browser.send(form, route="short" if plan.manner == "short" else "full")

    def _come_back(self, browser: Browser) -> None:
        """Goes on where the first sitting ended; once submitted, to the first section, by "See or change"."""
        if not browser.follow("/section/"):
            browser.follow("/check")
            browser.follow("/section/")

    def _plan_actions(self, plan: Plan) -> None:
        if not plan.actions:
            return
        browser = self.browser()
        browser.visit(urlsplit(self.links[plan.email]).path + "/actions")
        self.homes[plan.email] = browser.address
        for action in plan.actions:
            form = browser.form("/actions")
            by_when = people.target_date(action, date(2021, 6, 9)).isoformat()
            given = {**action, "when": "date", "by_when": by_when, "consent": "y"}
            for name, control in form.controls.items():
                if name in given:
                    control.chosen = [str(given[name])]
            browser.send(form)

    def _check_in(self, letter: Letter) -> None:
        plan = self.plans[letter.to]
        before = self.check_ins.get(plan.email, 0)
        self.check_ins[plan.email] = before + 1
        if not people.replies(plan, before):
            self.silent[plan.email] = clock.now()
            return
        self.silent.pop(plan.email, None)
        browser = self.browser()
        browser.visit(letter.link)
        form = browser.form("/report")
        people.report(browser.html, form, plan, before, self.words, self.statuses)
        browser.send(form)

    def _review_comments(self) -> None:
        """A member of staff reads what was written, edits what gives somebody away, and releases the rest."""
        browser = self.signed_in()
        read, decisions = 0, self.words["review"]
        while waiting := self._comments_that_wait(browser):
            for form in waiting:
                text = form.controls["text"].chosen[0]
                decision = decisions.get(text, {"release": text})
                state = "released" if "release" in decision else "withheld"
                browser.send(form, text=decision.get("release", text), state=state)
            read += len(waiting)
        self.note(f"{read} comments are read: edited where they give someone away, released or withheld")

    def _comments_that_wait(self, browser: Browser) -> list[Form]:
        """The forms of the comments on which nobody has decided, a page of them."""
        browser.visit(f"/staff/events/{CODE}/comments?state=held")
        return [form for form in browser.forms if form.method == "post" and "/comments/" in form.action]
