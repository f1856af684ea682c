"""The page "Messages" of an event: the timeline, and what staff change in it."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events import rules
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import messages
from mande.surveys.mailings import changing
from mande.surveys.mailings import forms
from mande.surveys.mailings import lives
from mande.surveys.mailings import timeline
from mande.surveys.mailings import wording
from mande.surveys.mailings.changing import ChangeError
from mande.surveys.mailings.timeline import Entry
from mande.surveys.operations import OpeningError
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.reminders import zone_of

E = TypeVar("E", bound=StrEnum)

blueprint = Blueprint("mailings", __name__, url_prefix="/staff/events/<code>/messages")

STATES = {"pause": RuleState.PAUSED, "resume": RuleState.ON, "skip": RuleState.SKIPPED}


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> Response | str:
    """The timeline; `?format=csv` is the same as a file."""
    with db.reading() as session:
        event = _event(session, code)
        shown = [(wave, timeline.entries(session, event, wave)) for wave in Wave]
        if request.args.get("format") == "csv":
            rows = [row for _wave, entries in shown for row in wording.rows(entries, event.time_zone)]
            return csv_response(f"{event.code}-messages.csv", wording.HEADER, rows)
        return render_template(
            "surveys/mailings/timeline.html",
            event=event,
            waves=shown,
            addable={wave: _addable(event, wave) for wave in Wave},
            usual=_usual,
            preview=preview,
            wording=wording,
        )


@blueprint.post("/rules/<uuid:rule_id>")
@needs(StaffRole.MANAGER)
def change(code: str, rule_id: UUID) -> Response:
    """Does with a rule what `do` says: pause, resume, skip, send, remove."""
    what = request.form.get("do", "")
    try:
        with db.transaction() as session:
            event, rule = _locked(session, code, rule_id)
            if what == "send":
                sent = changing.send_now(session, event, rule)
                told = ngettext("%(num)d message is on its way.", "%(num)d messages are on their way.", sent)
            elif what == "remove":
                changing.remove(session, event, rule)
                told = _("The reminder is removed.")
            elif what in STATES:
                changing.set_state(session, event, rule, STATES[what])
                told = {"pause": _("It is paused, until you resume it."), "skip": _("It is skipped."),
                        "resume": _("It goes out at its time. If that has come, within a minute.")}[what]  # fmt: skip
            else:
                abort(400)
    except (ChangeError, OpeningError, DefinitionError) as error:
        flash(str(error), "warning")
    else:
        flash(told, "success")
    return _back(code)


@blueprint.post("/rules/<uuid:rule_id>/timing")
@needs(StaffRole.MANAGER)
def move(code: str, rule_id: UUID) -> Response:
    """Sets when a rule falls due: see `forms.read`."""
    try:
        with db.transaction() as session:
            event, rule = _locked(session, code, rule_id)
            changing.set_timing(session, event, rule, forms.read(request.form, rule.kind, zone_of(event.time_zone)))
            told = wording.setting(rule, event.time_zone)
    except ChangeError as error:
        flash(str(error), "warning")
    else:
        flash(_("Saved: %(setting)s.", setting=told), "success")
    return _back(code)


@blueprint.post("/rules")
@needs(StaffRole.MANAGER)
def add(code: str) -> Response:
    """Adds a rule of `kind` to `wave`: a reminder, or what the wave has not got."""
    try:
        with db.transaction() as session:
            event = _event(session, code, lock=True)
            wave, kind = _one_of(Wave, "wave"), _one_of(RuleKind, "kind")
            wanted = forms.read(request.form, kind, zone_of(event.time_zone))
            changing.add(session, event, wave, kind, wanted)
    except ChangeError as error:
        flash(str(error), "warning")
    else:
        flash(_("%(what)s added.", what=wording.kind(kind)), "success")
    return _back(code)


def preview(event: Event, entry: Entry) -> str:
    """The address where a message can be read before it goes out."""
    return url_for("messages.preview", code=event.code, kind=messages.name_of(entry.kind.value, entry.wave, False))


def _addable(event: Event, wave: Wave) -> list[RuleKind]:
    """The kinds of rule that can be added: reminders up to a number, and what is lacking."""
    found = [kind for kind in RuleKind if kind is not RuleKind.REMINDER and not rules.of(event, wave, kind)]
    few = len(rules.of(event, wave, RuleKind.REMINDER)) < changing.MOST_REMINDERS
    return [*([RuleKind.REMINDER] if few else []), *found]


def _usual(wave: Wave, kind: RuleKind) -> MessageRule:
    """What the form for a new rule proposes."""
    return next(rule for rule in rules.standard(wave, [3]) if rule.kind is kind)


def _event(session: Session, code: str, lock: bool = False) -> Event:
    event = wanted_event(session, code)
    return lives.locked(session, event.id) if lock else event


def _locked(session: Session, code: str, rule_id: UUID) -> tuple[Event, MessageRule]:
    event = _event(session, code, lock=True)
    return event, changing.find(event, rule_id) or abort(404)


def _one_of(kinds: type[E], name: str) -> E:
    try:
        return kinds(request.form.get(name, ""))
    except ValueError:
        abort(400)


def _back(code: str) -> Response:
    return redirect(url_for("mailings.index", code=code), 303)
