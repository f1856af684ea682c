"""A member of the team at the pages for staff, for tests: reads them, fills in forms and presses buttons."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.integration.respondents import Page
from tests.integration.respondents import words


@dataclass
class Desk:
    """Whoever is signed in at `client`."""

    client: FlaskClient

    def get(self, path: str) -> Page:
        """The page at `path`, after any redirects; it must be HTML without a mistake."""
        return _read(Page(self.client.get(path, follow_redirects=True)))

    def buttons(self, page: Page) -> list[str]:
        """What the buttons of the page are called."""
        found = [one for one in page.root.iter("button") if one.get("aria-hidden") is None]
        return [name_of(button) for button in found]

    def press(self, page: Page, button: str, **changes: str | list[str] | None) -> Page:
        """Presses the button with this text, after these fields were changed (None: left out), as a browser would.

        In the names of fields "__" stands for "-".
        """
        form, pressed = _form(page.root, button)
        fields = MultiDict(_values(form))
        for name, value in changes.items():
            fields.setlist(
                name.replace("__", "-"), [] if value is None else [value] if isinstance(value, str) else value
            )
        if pressed.get("name"):
            fields.setlist(pressed.get("name", ""), [pressed.get("value", "")])
        action = form.get("action") or page.response.request.path
        sent = {name: values for name, values in fields.lists() if values}
        return _read(Page(self.client.post(action, data=sent, follow_redirects=True)))


def _read(page: Page) -> Page:
    assert page.root is not None
    return page


def _form(root: Element, button: str) -> tuple[Element, Element]:
    found = [
        (form, pressed)
        for form in root.iter("form")
        for pressed in form.iter("button")
        if pressed.get("aria-hidden") is None and name_of(pressed) == button
    ]
    assert found, f"there is no button {button!r}"
    return found[0]


def name_of(element: Element) -> str:
    """What is read out: the text without what is there for the eye alone."""
    if element.get("aria-hidden") == "true":
        return ""
    inner = "".join(name_of(child) + (child.tail or "") for child in element)
    return " ".join(((element.text or "") + inner).split())


def _values(form: Element) -> list[tuple[str, str]]:
    """What the form would send as it stands, without a button."""
    values: list[tuple[str, str]] = []
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if name is None or field.tag in ("button", "summary") or kind == "file":
            continue
        if kind in ("radio", "checkbox") and field.get("checked") is None:
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = [one for one in options if "selected" in one.attrib] or options[:1]
            values += [(name, one.get("value", words(one))) for one in chosen]
        elif field.tag == "textarea":
            values.append((name, (field.text or "").removeprefix("\n")))
        else:
            values.append((name, field.get("value", "on" if kind == "checkbox" else "")))
    return values
