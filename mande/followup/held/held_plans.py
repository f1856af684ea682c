"""What is held about somebody in the follow-up of an event: all that they wrote, and all that was kept of it."""

from datetime import date
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.followup import history
from mande.followup import operations
from mande.followup import wording
from mande.followup.asking.checkins import history as check_ins_of
from mande.followup.desk.models import Note
from mande.followup.desk.models import Verification
from mande.followup.desk.models import outcome_action
from mande.followup.held.holding import Entry
from mande.followup.held.holding import Fact
from mande.followup.held.holding import Section
from mande.followup.links import Visit
from mande.followup.models import ActionChange
from mande.followup.models import ActionRequest
from mande.followup.models import Actor
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.web import day
from mande.web import file_size
from mande.web import moment


def tell(session: Session, visit: Visit) -> list[Section]:
    """Actions, reports, files, check-ins, what was asked of colleagues and by them, and that the team keeps notes."""
    actions = operations.actions_of(session, visit.link.id)
    return [
        Section("actions", _("What you plan to do"), [_action(one, visit) for one in actions]),
        Section("reports", _("What you reported"), _reports(actions, visit)),
        Section("files", _("Files"), _files(actions, visit)),
        Section("check_ins", _("When we ask you, and asked"), _check_ins(session, visit), _stopped(visit)),
        Section("requests", _("What you asked of colleagues, and they of you"), _requests(session, visit)),
        Section("history", _("What was changed, and when"), _history(session, actions, visit)),
        Section("team", _("What the team keeps"), _of_team(session, actions), _notes(session, actions, visit)),
    ]


def _action(action: PlannedAction, visit: Visit) -> Entry:
    mine = operations.owning(action, visit.link.id)
    others = [one.link.person.name for one in action.owners if one.link_id != visit.link.id]
    return (
        Fact("what", _("What"), action.what),
        Fact("why", _("Why it follows from the event"), action.why),
        _on("by_when", _("By when"), action.by_when),
        Fact("with_whom", _("With whom"), action.with_whom),
        Fact("help_needed", _("Help needed"), action.help_needed),
        Fact("status", _("How far it has come"), action.status.value, wording.status(action.status)),
        Fact("visibility", _("Who may see it"), mine.visibility.value, wording.visibility(mine.visibility)),
        Fact("consent", _("We may ask you about it"), mine.consent, _("yes") if mine.consent else _("no")),
        Fact("other_owners", _("Who owns it with you"), others),
        _on("created_on", _("Written down"), action.created_on),
    )


def _reports(actions: list[PlannedAction], visit: Visit) -> list[Entry]:
    zone = visit.event.time_zone
    return [
        (
            Fact("action", _("About"), action.what),
            _at("reported_at", _("When"), one.reported_at, zone),
            Fact("recorded_by", _("Told to"), one.recorded_by),
            Fact("status", _("How far it had come"), one.status.value, wording.status(one.status)),
            Fact("what_changed", _("What changed"), one.what_changed),
            Fact("significance", _("Why it matters"), one.significance),
            Fact("contribution", _("The event contributed"), one.contribution.value if one.contribution else None,
                 wording.contribution(one.contribution) if one.contribution else ""),
            Fact("factors", _("What helped or hindered"), one.factors),
            Fact("evidence", _("Evidence"), one.evidence),
        )
        for action in actions
        for one in action.updates
        if one.link_id in (None, visit.link.id)
    ]  # fmt: skip


def _files(actions: list[PlannedAction], visit: Visit) -> list[Entry]:
    return [
        (
            Fact("name", _("Name"), one.name),
            Fact("action", _("About"), action.what),
            Fact("size", _("Size"), one.size, file_size(one.size)),
            _at("added_at", _("Added"), one.added_at, visit.event.time_zone),
            Fact("by", _("By"), _by(one.added_by, one.link_id == visit.link.id)),
        )
        for action in actions
        for one in action.files
    ]


def _check_ins(session: Session, visit: Visit) -> list[Entry]:
    return [
        (
            _at("at", _("When"), one.asked_at or one.moved_to or one.due_at, visit.event.time_zone),
            Fact("step", _("Why"), one.step, wording.step(one.step)),
            Fact("state", _("State"), one.state.value, wording.check_in(one.state)),
        )
        for one in check_ins_of(session, visit.link.id)
    ]


def _stopped(visit: Visit) -> str:
    if visit.link.stopped:
        return str(_("You have stopped all follow-up: we ask nothing."))
    until = visit.link.snoozed_until
    return str(_("You asked us not to write before %(day)s.", day=day(until))) if until else ""


def _requests(session: Session, visit: Visit) -> list[Entry]:
    link = visit.link
    theirs = or_(ActionRequest.from_link_id == link.id, ActionRequest.to_link_id == link.id)
    found = session.scalars(select(ActionRequest).where(theirs).order_by(ActionRequest.asked_at, ActionRequest.id))
    return [
        (
            Fact("direction", _("Who asked"), "by_you" if one.from_link_id == link.id else "of_you",
                 _("you") if one.from_link_id == link.id else _("a colleague")),
            Fact("kind", _("What"), one.kind.value, _kind(one.kind)),
            Fact("name", _("Name"), one.to_name),
            Fact("address", _("E-mail address"), one.to_address),
            _at("asked_at", _("When"), one.asked_at, visit.event.time_zone),
            Fact("state", _("State"), one.state.value, _state(one.state)),
        )
        for one in found
    ]  # fmt: skip


def _history(session: Session, actions: list[PlannedAction], visit: Visit) -> list[Entry]:
    changes = [(action, change) for action in actions for change in history.of(session, action.id)]
    return [
        (
            _at("at", _("When"), change.at, visit.event.time_zone),
            Fact("action", _("About"), action.what),
            Fact("what", _("What"), change.what, wording.change(change.what)),
            Fact("by", _("By"), _who(change, visit)),
        )
        for action, change in sorted(changes, key=lambda one: one[1].at)
    ]


def _of_team(session: Session, actions: list[PlannedAction]) -> list[Entry]:
    return [
        (
            Fact("action", _("About"), action.what),
            Fact("verified", _("What the team found out"), one.level.value, wording.verified(one.level)),
            _on("verified_on", _("When"), one.verified_at.date()),
            Fact("verified_by", _("By"), one.verified_by_name),
        )
        for action in actions
        for one in session.scalars(
            select(Verification).where(Verification.action_id == action.id).order_by(Verification.verified_at)
        )
    ]


def _notes(session: Session, actions: list[PlannedAction], visit: Visit) -> str:
    ids = [action.id for action in actions]
    notes = session.scalar(select(func.count(Note.id)).where(Note.action_id.in_(ids))) or 0
    outcomes = select(func.count(func.distinct(outcome_action.c.outcome_id))).where(outcome_action.c.action_id.in_(ids))
    told = _(
        "The team may keep notes about actions, and records of what came of them. About yours: %(notes)s notes, "
        "%(outcomes)s records. They may be about other people too, so they are not shown by a link. To see what they "
        "say about you, write to %(address)s.",
        notes=notes,
        outcomes=session.scalar(outcomes) or 0,
        address=visit.event.manager_email,
    )
    return str(told)


def _by(member: str | None, is_mine: bool) -> str:
    if member:
        return str(_("the team"))
    return str(_("you")) if is_mine else str(_("another owner"))


def _who(change: ActionChange, visit: Visit) -> str:
    if change.actor is Actor.MANDE:
        return str(_("the program"))
    return _by("team" if change.actor is Actor.TEAM else None, change.link_id == visit.link.id)


def _kind(kind: RequestKind) -> str:
    labels: dict[RequestKind, str] = {
        RequestKind.JOIN: _("to own an action too"),
        RequestKind.NAME: _("to be named in an action"),
        RequestKind.TAKE_OVER: _("to take an action over"),
    }
    return labels[kind]


def _state(state: RequestState) -> str:
    labels: dict[RequestState, str] = {
        RequestState.ASKED: _("asked, no answer yet"),
        RequestState.AGREED: _("agreed"),
        RequestState.DECLINED: _("declined"),
        RequestState.WITHDRAWN: _("taken back"),
        RequestState.EXPIRED: _("ended without an answer"),
    }
    return labels[state]


def _at(name: str, label: str, at: datetime | None, zone: str) -> Fact:
    return Fact(name, label, at.isoformat() if at else None, moment(at, zone) if at else "")


def _on(name: str, label: str, on: date | None) -> Fact:
    return Fact(name, label, on.isoformat() if on else None, day(on) if on else "")
