"""What every page shares: languages, security headers, errors that explain themselves, the health check."""

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask import Flask
from flask import Request
from flask import Response
from flask import current_app
from flask import g
from flask import render_template
from flask import request
from flask.sessions import SecureCookieSession
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel
from flask_babel import get_locale
from flask_babel import refresh
from flask_wtf import CSRFProtect
from sqlalchemy import text
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from mande import assets
from mande import db
from mande import languages
from mande.config import ROOT
from mande.config import Settings

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


csrf = CSRFProtect()


class StaffSessions(SecureCookieSessionInterface):
    """Sessions exist under /staff alone. Elsewhere no cookie is read, and whatever tries to set one fails."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith(self.get_cookie_path(app)) else None


def settings() -> Settings:
    """The settings of the current application."""
    found: Settings = current_app.extensions["mande.settings"]
    return found


def init_app(app: Flask) -> None:
    if proxies := app.extensions["mande.settings"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "mande" / "translations"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.extensions["mande.settings"].production,
        SESSION_COOKIE_PATH="/staff",
    )
    app.session_interface = StaffSessions()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    csrf.init_app(app)
    assets.init_app(app)
    Babel(app, locale_selector=lambda: g.get("language", "en").replace("-", "_"))
    app.jinja_env.filters.update(apart=apart, day=day, file_size=file_size, listed=listed, moment=moment,
                                 share=share)  # fmt: skip
    app.jinja_env.globals.update(page_language=_page_language, language_name=languages.own_name,
                                 interface_languages=languages.INTERFACE)  # fmt: skip
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _explain)
    app.add_url_rule("/health", view_func=_health)


def day(value: Any) -> str:
    """A date in the page's language: 7 June 2021."""
    return languages.day(value, _locale())


def moment(value: datetime, zone: str) -> str:
    """A moment in the time zone `zone`: 7 June 2021, 13:00 (BST)."""
    local = value.astimezone(ZoneInfo(zone))
    if languages.direction(_code()) == "rtl":
        # The zone's letters, or "+03", keep their own direction.
        return f"{day(local)}، {local:%H:%M} (\N{LEFT-TO-RIGHT ISOLATE}{local.tzname()}\N{POP DIRECTIONAL ISOLATE})"
    return f"{day(local)}, {local:%H:%M} ({local.tzname()})"


def listed(values: Iterable[object]) -> str:
    """Several things in one phrase: 3, 6 and 12."""
    return format_list([apart(value) for value in values], locale=_locale())


def apart(value: object) -> str:
    """Something typed, for the middle of a text: see `languages.isolated`."""
    return languages.isolated(value, _code())


def file_size(size: int) -> str:
    """A number of bytes in the page's language: 120 kB, 1.4 MB."""
    return languages.file_size(size, _locale())


def share(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage; an en dash where there is none."""
    return "–" if value is None else f"{100 * value:.{digits}f}%"


def _locale() -> Any:
    # English without a country would put the month before the day.
    return "en_GB" if _code() == "en" else get_locale()


def _code() -> str:
    return str(get_locale() or languages.SOURCE).replace("_", "-")


def _page_language() -> dict[str, str]:
    code = _code()
    return {"lang": code, "dir": languages.direction(code)}


def _add_headers(response: Response) -> Response:
    given = {name.lower() for name, _value in response.headers}
    for name, value in HEADERS.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    if request.endpoint != "static" and "cache-control" not in given:
        response.headers.add("Cache-Control", "no-store")
    return response


def _explain(error: HTTPException) -> Response | tuple[str, int]:
    if error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    if "language" not in g and not request.path.startswith("/staff/"):
        g.language = request.accept_languages.best_match(languages.INTERFACE, languages.SOURCE)
        refresh()
    return render_template("error.html", error=error), error.code or 500


def _health() -> str:
    with db.reading() as session:
        session.execute(text("SELECT 1"))
    return "ok"
