"""A browser without a screen or scripts: it reads a page's forms and links, fills in and sends, as a person would.

It goes through the application itself (WSGI), so that what it can do, a respondent can do.
"""

from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass
from dataclasses import field
from html.parser import HTMLParser
from io import BytesIO
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

from werkzeug.test import Client

Files = Mapping[str, tuple[bytes, str]]
NO_FILES: Files = MappingProxyType({})


class PageError(Exception):
    """The page is not the one that was expected."""


@dataclass
class Control:
    """A group of inputs of one name."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    placeholder: str = ""


@dataclass
class Form:
    """A form as it stands on the page; `chosen` of its controls is what will be sent."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def data(self, button: str | None = None) -> dict[str, list[str]]:
        sent = {control.name: list(control.chosen) for control in self.controls.values() if control.chosen}
        for name, value in self.buttons:
            if name and button == name:
                sent[name] = [value]
        return sent


class _Reader(HTMLParser):
    """Collects the forms, links and heading of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.heading = ""
        self._form: Form | None = None
        self._area: Control | None = None
        self._select: Control | None = None
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "h1":
            self._in_heading = True
        elif self._form is not None:
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "option" and self._select is not None:
            self._select.values.append(given.get("value", ""))
            if "selected" in given:
                self._select.chosen = [given.get("value", "")]
        elif name and tag in ("input", "textarea", "select"):
            kind = given.get("type", "text") if tag == "input" else tag
            control = form.controls.setdefault(name, Control(name, kind))
            if kind in ("radio", "checkbox"):
                control.values.append(given.get("value", "on"))
                if "checked" in given:
                    control.chosen.append(given.get("value", "on"))
            elif tag == "textarea":
                self._area = control
            elif tag == "select":
                self._select = control
            elif given.get("value"):
                control.chosen = [given["value"]]

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data
        if self._area is not None and data.strip("\n"):
            self._area.chosen = ["".join(self._area.chosen) + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            if self._select is not None and not self._select.chosen:
                self._select.chosen = self._select.values[:1]
            self._select = None
        elif tag == "h1":
            self._in_heading = False


class Browser:
    """One visit of one person. `visit` and `send` follow redirects; `forms`, `links` and `heading` are the page's.

    `content` is what came back, as it came: of a file there is nothing else.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.address = ""
        self.html = ""
        self.content = b""
        self._read = _Reader()

    @property
    def forms(self) -> list[Form]:
        return self._read.forms

    @property
    def links(self) -> list[str]:
        return self._read.links

    @property
    def heading(self) -> str:
        return " ".join(self._read.heading.split())

    def visit(self, address: str) -> None:
        """Opens an address, absolute or relative to the page. Raises PageError where it does not open."""
        self._load(urljoin(self.address, address), None)

    def follow(self, part: str) -> bool:
        """Opens the first link of the page whose address has this part; False where there is none."""
        for link in self.links:
            if part in link:
                self.visit(link)
                return True
        return False

    def link(self, beginning: str, ending: str) -> str:
        """The first link of the page whose address begins and ends so. Raises PageError where there is none."""
        for link in self.links:
            if link.startswith(beginning) and link.endswith(ending):
                return link
        raise PageError(f"no link {beginning}…{ending} on the page “{self.heading}”")

    def form(self, ending: str) -> Form:
        """The form whose action, without its query, ends so. Raises PageError where the page has none."""
        for form in self.forms:
            if urlsplit(urljoin(self.address, form.action)).path.endswith(ending):
                return form
        raise PageError(
            f"no form to …{ending} on the page “{self.heading}”, only {[form.action for form in self.forms]}"
        )

    def send(self, form: Form, button: str | None = None, files: Files = NO_FILES, **extra: str) -> None:
        """Sends a form as the button named `button` (or the first one) would. `files`: bytes and name, by field."""
        data: dict[str, list[Any]] = {**form.data(button), **{name: [value] for name, value in extra.items()}}
        data |= {name: [(BytesIO(content), file)] for name, (content, file) in files.items()}
        self._load(urljoin(self.address, form.action), data)

    def _load(self, address: str, data: dict[str, list[Any]] | None) -> None:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        for _ in range(5):
            method = "GET" if data is None else "POST"
            # In an empty context, as in a server: nothing of whoever drives this browser reaches the page.
            response = Context().run(self.client.open, target, method=method, data=data)
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            target, data = urljoin(target, response.headers["Location"]), None
        self.address, self.content = target, response.get_data()
        self.html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        self._read = _Reader()
        self._read.feed(self.html)
        if response.status_code >= 400:
            raise PageError(f"{response.status_code} “{self.heading}” at a page of the demo")
