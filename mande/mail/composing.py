"""Composing: one text source, and from it a subject, a text part and an HTML part.

The source is staff's own words where there are some (see `wordings`), else templates/mail/<name>.txt.
"""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale
from flask_babel import get_domain
from flask_babel import get_locale
from jinja2 import Environment
from jinja2 import Template

from mande import languages
from mande import web
from mande.mail import letter
from mande.mail import own_words
from mande.mail import wordings
from mande.mail.letter import Letter
from mande.mail.own_words import MissingError
from mande.mail.own_words import Words
from mande.mail.wordings import Own
from mande.mail.wordings import Placeholder
from mande.mail.wordings import Wording

# Isolates (U+2066 to U+2069) keep what was typed apart in a text; in a subject some filters take them for a trick.
_INVISIBLE = dict.fromkeys(range(0x2066, 0x206A))

log = structlog.get_logger()


@dataclass(frozen=True)
class Composed:
    """A message with the mark [[link]] still in it: once in the text and once in the HTML, or in neither.

    `language` is the one that its words are in: English where there is no translation into the one asked for.
    """

    subject: str
    text: str
    html: str
    language: str = "en"


def compose(
    template: str, language: str, own: Own = wordings.NONE, unsaid: Collection[str] = (), **values: Any
) -> Composed:
    """Renders a message in a language: in `own` words that are in it, else in ours, templates/mail/<template>.txt.

    Each value is put on one line and can make neither a paragraph nor a link; HTML in it is shown as it was typed.
    The mark stands outside of what is translated: `[[link]] {{ _("Answer now") }}`. Own words that cannot be said
    today, because a value is missing or because they say something `unsaid`, give way to ours. Raises LetterError
    where ours are not well formed.
    """
    # Where nothing is translated, not even a date may be in another language than English.
    written = languages.suitable([language]) or languages.SOURCE
    words = own.get((template, written))
    with force_locale(written):
        parsed = _own(template, words, unsaid, values, written) if words else None
        parsed = parsed or letter.parse(_file(template).render(values))
        subject = parsed.subject.translate(_INVISIBLE)
        return Composed(subject, letter.as_text(parsed), _as_html(parsed, written), written)


def ours(wording: Wording, language: str) -> Words:
    """Our own words for a message in a language, with the placeholders standing for themselves: where staff begin."""
    file = f"mail/{wording.name}.txt"
    sentences = [one.name for one in wording.placeholders if one.sentence]
    blocks = "".join(f"{{% block {name} %}}{{{{ '{{{name}}}' }}}}\n{{% endblock %}}" for name in sentences)
    values = {_value(one): f"{{{one.name}}}" for one in wording.placeholders if not one.sentence}
    with force_locale(language):
        plain = _environment().from_string(f"{{% extends '{file}' %}}{blocks}").render(values)
    head, _break, body = plain.translate(_INVISIBLE).strip().partition("\n")
    paragraphs = "\n".join(line.strip() for line in body.splitlines())
    while "\n\n\n" in paragraphs:
        paragraphs = paragraphs.replace("\n\n\n", "\n\n")
    return own_words.normalised(head.removeprefix("Subject:"), own_words.with_link(paragraphs))


def _own(name: str, words: Words, unsaid: Collection[str], values: Mapping[str, Any], language: str) -> Letter | None:
    """Staff's words with the values in them; None where they cannot be used, which is logged."""
    try:
        if own_words.says_any(words, unsaid):
            raise MissingError("it would give an event away")
        speak = _speaker(wordings.known()[name], _file(name), values, language)
        return letter.parse(own_words.source(words, speak))
    except (KeyError, ValueError) as error:
        problem = type(error).__name__ if isinstance(error, KeyError) else str(error)
        log.warning("own words not used", message=name, language=language, problem=problem)
        return None


def _speaker(wording: Wording, template: Template, values: Mapping[str, Any], language: str) -> Any:
    def say(name: str) -> str | None:
        placeholder = wording.by_name.get(name)
        if placeholder is None:
            return None
        if placeholder.sentence:
            return "".join(template.blocks[name](template.new_context(dict(values)))).strip()
        value = values.get(_value(placeholder))
        if value is None:
            return None
        return web.day(value) if isinstance(value, date) else languages.isolated(letter.one_line(value), language)

    return say


def _value(placeholder: Placeholder) -> str:
    return placeholder.value or placeholder.name


def _as_html(parsed: Letter, language: str) -> str:
    page = current_app.jinja_env.get_template("mail/layout.html")
    return page.render(letter=parsed, mark=letter.MARK, lang=language, dir=languages.direction(language))


def _file(name: str) -> Template:
    return _environment().get_template(f"mail/{name}.txt")


def _environment() -> Environment:
    """The application's own template environment, for plain text: nothing is escaped, every value is one line.

    There is one for each language, which holds its translations: to look for them sentence by sentence would take a
    third of the time of thousands of messages.
    """
    language = str(get_locale())
    made: dict[str, Environment] = current_app.extensions.setdefault("mande.mail.templates", {})
    if language not in made:
        plain = current_app.jinja_env.overlay(autoescape=False, finalize=letter.one_line)
        plain.globals = dict(plain.globals)
        # By the extension that is bound to the overlay: `install_gettext_translations` would change the pages' own.
        translator: Any = plain.extensions["jinja2.ext.InternationalizationExtension"]
        translator._install(get_domain().get_translations(), True)
        made[language] = plain
    return made[language]
