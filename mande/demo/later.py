"""The year after the event: what owners, colleagues, staff and partners do besides answering check-ins.

Each thing is done through the pages, on its day, by whoever would do it.
"""

import re
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

from mande import db
from mande.demo.browser import NO_FILES
from mande.demo.browser import Browser
from mande.demo.browser import PageError
from mande.demo.letters import Letter
from mande.mail.incoming import receiving

if TYPE_CHECKING:
    from mande.demo.story import Story

CODE = "WP1873v"
HERE = f"/staff/events/{CODE}/actions"
FULL = "550 5.1.1 <{}>: Recipient address rejected: User unknown"


class Later:
    """What happens to planned actions on which day, besides check-ins that are answered."""

    def __init__(self, story: "Story") -> None:
        self.story = story
        self.words: dict[str, Any] = story.words["later"]
        # Whose address is no more.
        self.moved = ""
        self.days: dict[date, tuple[Callable[[], str], ...]] = {
            date(2021, 6, 16): (self.hand_over, self.ask_to_join),
            date(2021, 7, 5): (self.paste_recommendations,),
            date(2021, 7, 20): (self.pause,),
            date(2021, 9, 12): (self.stop,),
            date(2021, 9, 20): (self.give_themes,),
            date(2021, 10, 12): (self.record_a_call, self.verify),
            date(2021, 11, 20): (self.withdraw,),
            date(2021, 12, 12): (self.bounce,),
            date(2021, 12, 14): (self.correct_an_address,),
            date(2022, 1, 20): (self.show_a_file,),
            date(2022, 2, 10): (self.write_an_outcome,),
        }

    def receive(self, letter: Letter) -> bool:
        """Answers what a colleague is asked; False for any other letter."""
        if "/q/" not in letter.link:
            return False
        browser = self.story.browser()
        browser.visit(letter.link)
        try:
            form = browser.form("/agree")
        except PageError:
            return True
        name = {"name": self.words["colleague"]["name"]} if "name" in form.controls else {}
        browser.send(form, consent="y", **name)
        self.story.note(f"{letter.to} is asked about an action, and agrees")
        return True

    def hand_over(self) -> str:
        whom = self.words["colleague"]
        self._ask(self._owner(0), "take_over", whom["name"], whom["address"])
        return "An owner asks a colleague, who was not at the event, to take an action over"

    def ask_to_join(self) -> str:
        asked = self._owner(2)
        self._ask(self._owner(1), "join", self.story.name_of(asked), asked)
        return "An owner asks another to do it together"

    def pause(self) -> str:
        browser = self._at_home(self._owner(4))
        browser.visit(f"{urlsplit(browser.address).path}/pause")
        browser.send(browser.form("/pause"), when="date", until="2021-10-20")
        return "An owner asks not to be asked before 20 October"

    def stop(self) -> str:
        browser = self._at_home(self._owner(5))
        browser.send(browser.form("/stop"))
        return "An owner stops all follow-up with one button"

    def withdraw(self) -> str:
        browser = self._at_home(self._owner(3))
        browser.follow("/withdraw")
        browser.send(browser.form("/withdraw"))
        return "An owner withdraws an action that a published edition holds"

    def show_a_file(self) -> str:
        browser = self._at_home(self._owner(6))
        browser.visit(f"{urlsplit(browser.address).path}/report")
        form = browser.form("/report")
        status = next(name for name in form.controls if name.endswith("-status"))
        upload = {status.removesuffix("status") + "files": (self.words["evidence"].encode(), "minutes.txt")}
        form.controls[status].chosen = ["done"]
        browser.send(form, files=upload)
        return "An owner reports of their own accord, with a file that shows it"

    def paste_recommendations(self) -> str:
        browser = self.story.staff(f"{HERE}/paste")
        browser.send(browser.form("/paste"), "do", pasted=self.words["recommendations"], do="look")
        browser.send(browser.form("/paste"), do="save")
        return "The recommendations of the outcome note are pasted into the tracker"

    def give_themes(self) -> str:
        browser = self.story.staff(f"{HERE}/themes?suggested=y")
        form = browser.form("/themes")
        for place, control in enumerate(one for one in form.controls.values() if one.name.startswith("theme-")):
            if not any(control.chosen):
                control.chosen = [control.values[1 + place % (len(control.values) - 1)]]
        browser.send(form)
        return "The team groups the actions under the intended outcomes"

    def record_a_call(self) -> str:
        browser = self._action(self._owner(7))
        browser.follow("/record")
        form = browser.form("/record")
        browser.send(form, status="some_progress", what_changed=self.words["call"], contribution="somewhat")
        return "A telephone call is recorded: the owner is busy, and well under way"

    def verify(self) -> str:
        browser = self._action(self._owner(6))
        found: dict[str, str] = self.words["found"]
        browser.send(browser.form("/verify"), files=NO_FILES, **found)
        return "A member of the team verifies an action, with a source"

    def write_an_outcome(self) -> str:
        browser = self._action(self._owner(6))
        browser.follow("/outcomes/new")
        told = {name: str(value) for name, value in self.words["outcome"].items()}
        browser.send(browser.form("/outcomes/new"), files=NO_FILES, for_partners="y", **told)
        return "An outcome is written down: what changed, who changed it, who could confirm it"

    def bounce(self) -> str:
        """The last message to an owner comes back: their mailbox is no more."""
        to = self.moved = max(self.story.silent, key=lambda email: (self.story.silent[email], email))
        path = max(self.story.bag.of(to), key=lambda one: one.stat().st_mtime_ns)
        with db.transaction() as session:
            receiving.receive(session, _returned(path.read_bytes(), to))
        return "A message comes back: the address of an owner is no more"

    def correct_an_address(self) -> str:
        old = self.moved
        browser = self.story.staff(f"/staff/events/{CODE}/undelivered/")
        new = old.replace("@", "@new.")
        browser.send(browser.form("/correct"), right=new)
        self.story.readdress(old, new)
        return "The address is corrected, and the message goes out again"

    def _owner(self, number: int) -> str:
        """The address of one of those who planned something."""
        return sorted(self.story.homes)[number]

    def _at_home(self, email: str) -> Browser:
        browser = self.story.browser()
        browser.visit(self.story.homes[email])
        return browser

    def _ask(self, email: str, kind: str, name: str, address: str) -> None:
        browser = self._at_home(email)
        browser.follow("/colleagues")
        browser.send(browser.form("/colleagues"), kind=kind, name=name, address=address)

    def _action(self, email: str) -> Browser:
        """The first action of somebody, on the team's page of it."""
        browser = self.story.staff(f"{HERE}?text={self.story.name_of(email)}")
        browser.visit(_identified(browser, f"{HERE}/"))
        return browser


def _identified(browser: Browser, path: str) -> str:
    """The first link of a page that leads to one thing under a path, by its id."""
    return next(link for link in browser.links if re.fullmatch(re.escape(path) + "[0-9a-f-]{36}", link))


def _returned(original: bytes, to: str) -> bytes:
    """What a mail server says of a message to nobody: a report as in RFC 3464, with the head of the message."""
    head = original.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in original else original.partition(b"\n\n")[0]
    boundary = "returned"
    report = EmailMessage()
    report["From"] = "MAILER-DAEMON@mail.example"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    parts = (
        ("text/plain", FULL.format(to)),
        ("message/delivery-status",
         f"Reporting-MTA: dns; mail.example\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n"
         f"Diagnostic-Code: smtp; {FULL.format(to)}\n"),
        ("text/rfc822-headers", head.decode(errors="replace").replace("\r\n", "\n")),
    )  # fmt: skip
    body = "".join(f"--{boundary}\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts) + f"--{boundary}--\n"
    kind = f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"'
    return f"{report.as_string().strip()}\nMIME-Version: 1.0\n{kind}\n\n{body}".encode()
