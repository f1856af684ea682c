"""Who is signed in, and what they may do. Everything under /staff is closed unless it says otherwise here."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import flask_login
from flask import Flask
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from mande import db
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole

P = ParamSpec("P")
R = TypeVar("R")

RANKS = {role: rank for rank, role in enumerate(StaffRole)}
OPEN_TO_ALL = frozenset({"staff.sign_in"})
NOT_ENOUGH = "This needs the role of {role}. Whoever runs Mande can give it with `mande staff role`."


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]
    """A member as Flask-Login sees them. What the session keeps ends with the member's password."""

    def __init__(self, member: StaffMember) -> None:
        self.member = member

    @property
    def is_active(self) -> bool:
        return self.member.active

    def get_id(self) -> str:
        return f"{self.member.id.hex}.{self.member.session_stamp}"


def init_app(app: Flask) -> None:
    manager = flask_login.LoginManager(app)
    manager.user_loader(_load)
    app.before_request(_guard)
    app.register_error_handler(CSRFError, _explain_csrf)


def _load(kept: str) -> SignedIn | None:
    identity, _, stamp = kept.partition(".")
    try:
        wanted = UUID(hex=identity)
    except ValueError:
        return None
    with db.reading() as reading:
        member = reading.get(StaffMember, wanted)
    if member is None or not member.active or member.session_stamp != stamp:
        return None
    return SignedIn(member)


def signed_in() -> StaffMember | None:
    """The member who is signed in, or None. Outside /staff nobody is: the cookie goes no further."""
    user = flask_login.current_user
    return user.member if user.is_authenticated else None


def current() -> StaffMember:
    """The member who is signed in. Only for views under /staff, where there is always one."""
    member = signed_in()
    if member is None:
        abort(401)
    return member


def may(role: StaffRole) -> bool:
    """Whether the member who is signed in has this role or one above it."""
    member = signed_in()
    return member is not None and RANKS[member.role] >= RANKS[role]


def may_take_answers() -> bool:
    """Whether the member who is signed in may take answers down by telephone or from paper: a manager may, and whoever
    was given the right.
    """
    member = signed_in()
    return member is not None and (member.takes_answers or may(StaffRole.MANAGER))


def needs(role: StaffRole) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """A view for members with this role or one above it: others are sent to sign in, or told (403) what is lacking."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if signed_in() is None:
                return to_sign_in()
            if not may(role):
                abort(403, NOT_ENOUGH.format(role=role.value))
            return view(*args, **kwargs)

        return guarded

    return decorate


def needs_right(view: Callable[P, R]) -> Callable[P, R | Response]:
    """A view for members who may take answers down, and so may be with those who give them."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if signed_in() is None:
            return to_sign_in()
        if not may_take_answers():
            abort(
                403,
                "This needs the right to take answers down. Whoever runs Mande can give it with `mande staff right`.",
            )
        return view(*args, **kwargs)

    return guarded


def to_sign_in() -> Response:
    """Sends the visitor to sign in, and afterwards back to the page that they asked for."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("staff.sign_in", next=wanted))


def safe_next(target: str | None) -> str:
    """`target` if it is a page under /staff of this very site, else the list of events."""
    if target and not set(target) & set("\\\r\n\t"):
        parts = urlsplit(target)
        # A browser takes %2e for a dot, and dots for a way out of /staff.
        steps = set(parts.path.lower().replace("%2e", ".").split("/"))
        if not parts.scheme and not parts.netloc and parts.path.startswith("/staff/") and not steps & {".", ".."}:
            return target
    return url_for("events.index")


def is_staff_path(path: str) -> bool:
    return path == "/staff" or path.startswith("/staff/")


def _guard() -> Response | None:
    if not is_staff_path(request.path) or request.endpoint in OPEN_TO_ALL:
        return None
    if signed_in() is None:
        return to_sign_in()
    # Signing the cookie anew lets its age count from the last use, not from the sign-in.
    session.modified = True
    return None


def _explain_csrf(error: CSRFError) -> Response | tuple[str, int]:
    if is_staff_path(request.path) and request.endpoint not in OPEN_TO_ALL and signed_in() is None:
        flash("You had been signed out. Nothing was changed: sign in and try again.", "warning")
        return to_sign_in()
    error.description = (
        "This page had been open for too long, or was opened in another way than from this site. "
        "Go back, reload the page and try again. Nothing was changed."
    )
    return render_template("error.html", error=error), 400
