"""A respondent at their questionnaire, for tests: opens pages, fills in forms as a browser would, and reads them."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import text
from werkzeug.test import TestResponse

from mande import db
from mande import tokens
from mande.surveys.answering import ballot
from mande.surveys.answering.ballot import Response
from mande.surveys.models import BallotBox

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "every_type.yaml"
Fields = dict[str, str | list[str]]

EVERY_ANSWER: Fields = {
    "useful": "4",
    "access.time": "5",
    "access.line": "na",
    "again": "other",
    "again.other": "Only in spring",
    "used_for": ["brief", "other"],
    "used_for.other": "A speech",
    "recommend": "10",
    "in_a_word": "The calm",
    "errors": "First.\nSecond.",
}


@dataclass
class Page:
    """A page as it came, read by a strict HTML5 parser that takes no nonsense."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def source(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def root(self) -> Element:
        return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.source)

    @property
    def title(self) -> str:
        return words(self.root.find(".//title"))

    @property
    def language(self) -> str | None:
        return self.root.get("lang")

    @property
    def words(self) -> str:
        """What is to be read in the middle of the page."""
        return words(self.root.find(".//main"))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The error summary: where each line leads, and what it says."""
        return [(link.get("href", ""), words(link)) for link in self.root.findall(".//*[@class='summary']//a")]

    def links(self) -> dict[str, str]:
        """Where the links lead, by what they say."""
        return {words(link): link.get("href", "") for link in self.root.iter("a")}

    def forms(self) -> dict[str, Fields]:
        """What each form would send as it stands, by the address that it sends it to."""
        return {form.get("action", ""): _values(form) for form in self.root.iter("form")}


def words(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _values(form: Element) -> Fields:
    values: Fields = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if name is None or field.tag == "button" or (kind in ("radio", "checkbox") and field.get("checked") is None):
            continue
        value = (field.text or "").removeprefix("\n") if field.tag == "textarea" else field.get("value", "")
        if field.tag == "select":
            value = next((line.get("value", "") for line in field.iter("option") if "selected" in line.attrib), "")
        if kind == "checkbox":
            held = values.setdefault(name, [])
            assert isinstance(held, list)
            held.append(value)
        else:
            values[name] = value
    return values


@dataclass
class Respondent:
    """Whoever holds the link with `token`, at a browser."""

    client: FlaskClient
    token: str

    def address(self, path: str = "") -> str:
        return f"/r/{self.token}{path}"

    def get(self, path: str = "", **options: object) -> Page:
        return self.open(self.address(path), **options)

    def open(self, address: str, **options: object) -> Page:
        """The page at `address`, after any redirects."""
        return Page(self.client.get(address, follow_redirects=True, **options))  # type: ignore[arg-type]

    def post(self, path: str, fields: Fields | None = None) -> Page:
        """What comes of a POST, after any redirects."""
        return Page(self.client.post(self.address(path), data=fields or {}, follow_redirects=True))

    def start(self, route: str = "full") -> Page:
        return self.post("/start", {"route": route})

    def fill(self, page: Page, answers: Fields, press: Fields | None = None) -> Page:
        """Changes the form of a section's page by `answers` (keyed by code) and sends it with a button."""
        ((action, fields),) = [(to, held) for to, held in page.forms().items() if "/section/" in to]
        changed = {f"q-{code}": value for code, value in answers.items()}
        return Page(
            self.client.post(action, data={**fields, **changed, **(press or {})}, follow_redirects=True)
        )  # fmt: skip

    @property
    def response(self) -> Response | None:
        """What lies in this person's box."""
        with db.database().reading() as session:
            box = session.get(BallotBox, tokens.locator(self.token))
            return ballot.open_with_link(box, self.token) if box else None


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with db.database().engine.connect() as connection:
        names = sorted(db.Model.metadata.tables)
        return {
            name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr) for name in names
        }


def boxes() -> int:
    with db.database().reading() as session:
        return len(session.scalars(select(BallotBox)).all())


def ids(source: str) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', source)


def scripts(source: str) -> set[str]:
    """What runs on a page: the paths of scripts in files of their own, and the text of any other."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", source, re.DOTALL)
    files = [re.search(r'src="([^"?]*)', attributes) for attributes, _text in found]
    return {file[1] for file in files if file} | {text for _attributes, text in found if text}


def answer_everything(person: Respondent) -> Page:
    """From the start to the review of all answers."""
    page = person.start()
    while page.response.request.path.startswith(person.address("/section/")):
        shown = {code: value for code, value in EVERY_ANSWER.items() if f'name="q-{code}"' in page.source}
        page = person.fill(page, shown)
    return page
