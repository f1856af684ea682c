"""Composing: one text source in templates/mail, and from it a subject, a text part and an HTML part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import cast

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment

from mande import languages
from mande.mail import letter
from mande.mail.letter import Letter

# Isolates (U+2066 to U+2069) keep what was typed apart in a text; in a subject some filters take them for a trick.
_INVISIBLE = dict.fromkeys(range(0x2066, 0x206A))


@dataclass(frozen=True)
class Composed:
    """A message with the mark [[link]] still in it: once in the text and once in the HTML, or in neither.

    `language` is the one that its words are in: English where there is no translation into the one asked for.
    """

    subject: str
    text: str
    html: str
    language: str = "en"


def compose(template: str, language: str, **values: Any) -> Composed:
    """Renders templates/mail/<template>.txt (see `letter` for how it is written) in a language.

    Each value is put on one line and can make neither a paragraph nor a link; HTML in it is shown as it was typed.
    The mark stands outside of what is translated: `[[link]] {{ _("Answer now") }}`. Raises LetterError.
    """
    # Where nothing is translated, not even a date may be in another language than English.
    written = languages.suitable([language]) or languages.SOURCE
    with force_locale(written):
        source = _environment().get_template(f"mail/{template}.txt").render(values)
        parsed = letter.parse(source)
        subject = parsed.subject.translate(_INVISIBLE)
        return Composed(subject, letter.as_text(parsed), _as_html(parsed, written), written)


def _as_html(parsed: Letter, language: str) -> str:
    page = current_app.jinja_env.get_template("mail/layout.html")
    return page.render(letter=parsed, mark=letter.MARK, lang=language, dir=languages.direction(language))


def _environment() -> Environment:
    """The application's own template environment, for plain text: nothing is escaped, every value is one line."""
    extensions = cast(Mapping[str, Any], current_app.extensions)
    if "mande.mail.templates" not in extensions:
        plain = current_app.jinja_env.overlay(autoescape=False, finalize=letter.one_line)
        current_app.extensions["mande.mail.templates"] = plain
    return cast(Environment, extensions["mande.mail.templates"])
