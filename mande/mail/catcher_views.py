"""The catcher's pages: a mailbox in which everybody's messages lie, for demonstrations only.

It is an application of its own and knows nothing but the folder of messages.
"""

import re
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask_babel import Babel

from mande import web
from mande.config import ROOT
from mande.mail import catcher
from mande.mail.catcher import Caught

KINDS = {
    "invitation": "Invitation",
    "reminder": "Reminder",
    "last_call": "Last call",
    "thank_you": "Thank-you",
    "check_in": "Check-in",
}
PARTS = {"html": "Message", "text": "Plain text", "source": "Source"}

_PAGE = web.HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
# A message's HTML is shown in a frame that runs nothing and loads nothing; its links may open ordinary new tabs.
_BODY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_LINK = re.compile(r"<a(?=\s)", re.IGNORECASE)


def create_mailbox(folder: Path) -> Flask:
    """The application that shows the messages caught in `folder`."""
    app = Flask("mande.mailbox", root_path=str(ROOT / "mande"), template_folder=str(ROOT / "templates"),
                static_folder=str(ROOT / "static"))  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    app.jinja_env.globals.update(page_language=lambda: {"lang": "en", "dir": "ltr"}, kinds=KINDS, parts=PARTS)
    app.jinja_env.filters["stamp"] = stamp

    @app.get("/")
    def index() -> str:
        found = catcher.messages(folder)
        words, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
        shown = [message for message in found if matches(message, words, kind)]
        return render_template("mail/catcher/index.html", messages=shown, total=len(found), words=words, kind=kind)

    @app.get("/message/<id_>")
    @app.get("/message/<id_>/<any(text, source):part>")
    def message(id_: str, part: str = "html") -> str:
        return render_template("mail/catcher/message.html", message=_found(folder, id_), part=part)

    @app.get("/message/<id_>/body")
    def body(id_: str) -> Response:
        response = Response(in_frame(_found(folder, id_).html), mimetype="text/html")
        response.headers["Content-Security-Policy"] = _BODY
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    app.after_request(_add_headers)
    return app


def matches(message: Caught, words: str, kind: str) -> bool:
    """Whether all of the words occur in recipient or subject, and the kind is the one asked for ("" for any)."""
    text = f"{message.to} {message.subject}".casefold()
    return all(word in text for word in words.casefold().split()) and kind in ("", message.kind)


def in_frame(html: str) -> str:
    """A message's HTML whose links open a new tab, which is not told where it was opened from."""
    return _LINK.sub('<a target="_blank" rel="noreferrer"', html)


def stamp(moment: datetime | None) -> str:
    """A message's own date and time, in the zone it states."""
    return "" if moment is None else f"{moment:%a} {moment.day} {moment:%B %Y, %H:%M} {moment:%Z}".rstrip()


def _found(folder: Path, id_: str) -> Caught:
    return catcher.find(folder, id_) or abort(404, "There is no such message.")


def _add_headers(response: Response) -> Response:
    headers = {**web.HEADERS, "Content-Security-Policy": _PAGE, "Cache-Control": "no-store"}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
