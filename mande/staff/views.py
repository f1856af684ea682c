"""Pages about accounts: signing in and out, one's own password, and the audit trail."""

import flask_login
from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import session as kept
from flask import url_for
from werkzeug.wrappers import Response

from mande import db
from mande.exports import csv_response
from mande.staff import access
from mande.staff import accounts
from mande.staff import audit
from mande.staff import passwords
from mande.staff import throttle
from mande.staff.forms import PasswordForm
from mande.staff.forms import SignInForm
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """The form, and the trying of what was typed into it."""
    if access.signed_in() and request.method == "GET":
        return redirect(access.safe_next(request.args.get("next")))
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    if minutes := throttle.minutes_to_wait(form.email.data):
        form.email.errors = [f"Too many tries. Wait {minutes} minutes and try again."]
        return _sign_in_page(form, 429)
    with db.transaction() as session:
        member = accounts.authenticate(session, form.email.data, form.password.data)
        if member:
            audit.record(session, "signed in", member.email, actor=member.email)
    if member is None:
        throttle.count_failure(form.email.data)
        form.email.errors = ["The address or the password is not right."]
        return _sign_in_page(form, 422)
    _begin_session(member)
    return redirect(access.safe_next(form.next.data))


def _sign_in_page(form: SignInForm, status: int) -> tuple[str, int]:
    return render_template("staff/sign_in.html", form=form), status


def _begin_session(member: StaffMember) -> None:
    # Nothing that was in the cookie before the sign-in is in it afterwards, the CSRF token included.
    kept.clear()
    flask_login.login_user(access.SignedIn(member))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Ends the sessions of the member everywhere, so that a copy of the cookie is worth nothing."""
    with db.transaction() as session:
        accounts.end_sessions(session, access.current())
    flask_login.logout_user()
    kept.clear()
    flash("You are signed out.", "success")
    return redirect(url_for("staff.sign_in"))


@blueprint.route("/account", methods=["GET", "POST"])
@access.needs(StaffRole.VIEWER)
def account() -> Response | str | tuple[str, int]:
    """One's own account, and changing its password."""
    form = PasswordForm()
    member = access.current()
    if form.validate_on_submit():
        if throttle.minutes_to_wait(member.email):
            form.present.errors = ["Too many tries. Wait a quarter of an hour and try again."]
        elif not passwords.matches(member.password_hash, form.present.data):
            throttle.count_failure(member.email)
            form.present.errors = ["This is not your present password."]
        elif problem := passwords.problem_with(form.new.data, member.email, member.name):
            form.new.errors = [problem]
        else:
            with db.transaction() as session:
                changed = accounts.change_password(session, member, form.new.data)
            _begin_session(changed)
            flash("Your password is changed, and you are signed out everywhere else.", "success")
            return redirect(url_for("staff.account"))
    status = 422 if form.is_submitted() else 200
    return render_template("staff/account.html", form=form, member=member), status


@blueprint.get("/audit")
@access.needs(StaffRole.ADMINISTRATOR)
def audit_trail() -> Response | str:
    """Who did what and when, the latest first; `?format=csv` is the same list as a file."""
    wanted = audit.Filter.read(request.args)
    with db.reading() as session:
        if request.args.get("format") == "csv":
            entries = audit.entries(session, wanted)
            rows = [[one.at.isoformat(), one.actor, one.action, one.subject, audit.told(one)] for one in entries]
            return csv_response("audit.csv", ["at", "actor", "action", "subject", "detail"], rows)
        page = audit.page(session, wanted)
        actions, actors = audit.words(session)
    return render_template("staff/audit.html", page=page, wanted=wanted, actions=actions, actors=actors)
