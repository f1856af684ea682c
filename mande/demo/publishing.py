"""What is made of the answers, and who hears of it: looks, targets, texts, editions, readers, the annual report.

Each thing is done through the pages, on its day, by whoever would do it; documents wait in the queue as they always do.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from mande.config import ROOT
from mande.demo.browser import NO_FILES
from mande.demo.browser import Browser
from mande.demo.browser import PageError
from mande.demo.letters import Letter
from mande.followup import clockwork
from mande.reports.rendering import making

if TYPE_CHECKING:
    from mande.demo.story import Story

CODE = "WP1873v"
HERE = f"/staff/events/{CODE}"
ANNUAL = "/staff/portfolio/annual"
_DIGITS = re.compile(r"^\s*(\d{4} ?\d{4})\s*$", re.MULTILINE)


class Publishing:
    """What happens to the results on which day. The kinds of editions are named as in their pages' addresses."""

    def __init__(self, story: "Story") -> None:
        self.story = story
        self.words: dict[str, Any] = story.words["published"]
        # The addresses of the newest editions, by their kinds.
        self.published: dict[str, str] = {}
        self.days: dict[date, tuple[Callable[[], str], ...]] = {
            date(2021, 6, 10): (self.give_a_look, self.set_targets),
            date(2021, 7, 14): (partial(self.compose, "respondents"),),
            date(2021, 7, 15): (partial(self.publish, "respondents", "en", "fr"), partial(self.tell, "respondents")),
            date(2021, 10, 14): (self.compose_for_partners, self.give_access),
            date(2021, 10, 15): (partial(self.publish, "partner", "en"), partial(self.tell, "partner")),
            date(2021, 10, 22): (partial(self.publish, "summary", "en"), partial(self.tell, "summary")),
            date(2022, 1, 14): (self.make_the_annual_report,),
            date(2022, 6, 24): (
                partial(self.publish, "partner", "en"),
                partial(self.publish, "public", "en"),
                partial(self.tell, "partner"),
            ),
        }

    def receive(self, letter: Letter) -> bool:
        """Reads what is published as a partner's reader does: by their link and a code. False for any other letter."""
        if "/p/" not in letter.link:
            return False
        browser = Browser(self.story.app.test_client())
        browser.visit(letter.link)
        browser.send(browser.form("/send"))
        clockwork.tick()
        browser.send(browser.form("/enter"), code=self._code(letter.to))
        try:
            browser.send(browser.form(f"/events/{CODE}"))
        except PageError:
            self.story.note(f"{letter.to} gives a code, and finds that nothing is published yet")
            return True
        self._read_newest(browser)
        self.story.note(f"{letter.to} gives a code, and reads what is published")
        return True

    def give_a_look(self) -> str:
        browser = self.story.staff("/staff/looks")
        browser.follow("/staff/looks/look?convenor=")
        logo = (ROOT / "demo" / "logo.svg").read_bytes()
        browser.send(browser.form("/look"), files={"logo": (logo, "logo.svg")}, **self.words["look"])
        return "The convenor's reports are given a colour and a logo"

    def set_targets(self) -> str:
        for target in self.words["targets"]:
            browser = self.story.staff("/staff/portfolio/targets")
            browser.send(browser.form("/targets"), files=NO_FILES, **target)
        return f"{len(self.words['targets'])} targets are set, before anybody knows the figures"

    def compose(self, kind: str) -> str:
        """What the figures mean, and what follows from them, is written into an edition, in each of its languages."""
        written: dict[str, dict[str, str]] = self.words["composed"][kind]
        for language, texts in written.items():
            browser = self.story.staff(f"{HERE}/reports/{kind}/{language}")
            browser.send(browser.form(f"/{kind}/{language}"), "do", files=NO_FILES, do="save", **texts)
        return f"The texts of the {kind} edition are written, in {' and '.join(written)}"

    def compose_for_partners(self) -> str:
        """All that goes out besides; of the shortest a draft is looked at."""
        for kind in ("partner", "summary", "public"):
            self.compose(kind)
        browser = self.story.staff(f"{HERE}/reports/summary/en")
        browser.send(browser.form("/summary/en"), "do", files=NO_FILES, do="pdf")
        self._made(browser)
        return "The summary, findings and recommendations are written into the editions that go out"

    def give_access(self) -> str:
        readers: list[dict[str, str]] = self.words["readers"]
        for reader in readers:
            browser = self.story.staff(f"/staff/partners?text={reader['partner']}")
            browser.follow("/staff/partners/")
            typed = {name: value for name, value in reader.items() if name != "partner"}
            browser.send(browser.form("/readers"), months="12", files=NO_FILES, **typed)
        return f"{len(readers)} people of the partner ministries are given access to what is published"

    def publish(self, kind: str, *languages: str) -> str:
        """Publishes an edition in each language; one that was published before says what it corrects."""
        note = self.words["correction"] if kind in self.published else ""
        for language in languages:
            browser = self.story.staff(f"{HERE}/editions")
            browser.send(browser.form("/editions"), kind=kind, language=language, note=note)
            self._made(browser)
            self.published[kind] = browser.link(f"{HERE}/editions/", ".pdf").removesuffix(".pdf")
        return f"The {kind} edition is published, for good, in {' and '.join(languages)}"

    def tell(self, kind: str) -> str:
        browser = self.story.staff(f"{self.published[kind]}/tell")
        browser.send(browser.form("/tell"))
        return f"Everybody whom the {kind} edition is for is told of it"

    def make_the_annual_report(self) -> str:
        for kind in ("pdf", "xlsx"):
            browser = self.story.staff(ANNUAL)
            form = browser.form("/annual")
            form.controls["year"].chosen = ["2021"]
            form.buttons = [("form", kind)]
            browser.send(form, "form")
            path = self.story.place.reports / f"annual-report-2021.{kind}"
            self._made(browser)
            browser.visit(browser.link("/staff/documents/", "/file"))
            path.write_bytes(browser.content)
        return "The annual report on 2021 is made, as a PDF and as a workbook"

    def _code(self, email: str) -> str:
        """The code that was sent to a reader last. Raises PageError where there is none."""
        found = _DIGITS.search(self.story.bag.last(email).text)
        if found is None:
            raise PageError(f"no code came to {email}")
        return found.group(1)

    def _read_newest(self, browser: Browser) -> None:
        """Opens an event's page, and there the first edition, as a web page and as a PDF."""
        event = browser.address
        edition = next(form.action for form in browser.forms if form.action.endswith(".pdf")).removesuffix(".pdf")
        browser.send(browser.form(edition))
        browser.visit(event)
        browser.send(browser.form(f"{edition}.pdf"))

    def _made(self, browser: Browser) -> None:
        """Waits until the document at which a browser looks is made. Raises PageError where it could not be."""
        making.run()
        browser.visit(browser.address)
        if not any(link.endswith((".pdf", "/file")) for link in browser.links):
            raise PageError(f"“{browser.heading}” could not be made")
