"""The page of one action: all that is known of it, and what a manager can do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort
from flask import make_response
from flask import render_template
from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.models import Event
from mande.followup import wording
from mande.followup.asking import checkins
from mande.followup.desk import action_panels
from mande.followup.desk import notes
from mande.followup.desk import team_reminders
from mande.followup.desk import timeline
from mande.followup.desk import verifying
from mande.followup.desk import words
from mande.followup.desk.desk_forms import NoteForm
from mande.followup.desk.desk_forms import ReminderForm
from mande.followup.desk.desk_forms import VerificationForm
from mande.followup.evidence import parts
from mande.followup.figures import Tracked
from mande.followup.figures import track
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.staff.access import current
from mande.staff.models import StaffMember


@dataclass(frozen=True)
class Forms:
    """The forms on the page, as they were typed where one of them could not be saved."""

    verification: VerificationForm
    note: NoteForm
    reminder: ReminderForm

    @classmethod
    def empty(cls, event: Event, **typed: Any) -> "Forms":
        """Forms to be filled in, but for those that are given."""
        today = clock.today(event.time_zone)
        usual: dict[str, Any] = {
            "verification": VerificationForm(),
            "note": NoteForm(),
            "reminder": ReminderForm(today),
        }
        return cls(**{**usual, **typed})

    @property
    def errors(self) -> dict[str, Any]:
        return {**self.verification.errors, **self.note.errors, **self.reminder.errors}


def wanted_action(session: Session, event: Event, action_id: UUID) -> PlannedAction:
    """The action of this event with this id, withdrawn or not; 404 where there is none."""
    link = selectinload(PlannedAction.owners).joinedload(ActionOwner.link)
    found = session.scalars(
        select(PlannedAction)
        .where(PlannedAction.id == action_id, PlannedAction.event_id == event.id)
        .options(
            joinedload(PlannedAction.event), link.joinedload(FollowupLink.person), selectinload(PlannedAction.updates)
        )
    ).one_or_none()
    if found is None:
        abort(404)
    return found


def open_action(session: Session, event: Event, action_id: UUID) -> PlannedAction:
    """The same, for who wants to change it. Of one that was withdrawn (409) nothing more is kept: what was typed is
    shown once more, and not stored."""
    found = wanted_action(session, event, action_id)
    if found.withdrawn:
        abort(make_response(_withdrawn(session, event, found, _typed()), 409))
    return found


def render(session: Session, event: Event, action: PlannedAction, forms: Forms | None = None) -> str:
    """The page, with `forms` as they were typed."""
    if action.withdrawn:
        return _withdrawn(session, event, action)
    member = current()
    written = notes.of(session, action.id)
    return render_template(
        "followup/tracking/action.html",
        event=event,
        one=_tracked(session, event, action),
        action=action,
        staff=session.get(StaffMember, action.staff_id) if action.staff_id else None,
        updates=sorted(action.updates, key=lambda one: one.reported_at, reverse=True),
        recorders=_names(session, {one.recorded_by for one in action.updates if one.recorded_by}),
        names={owner.link_id: owner.link.person.name for owner in action.owners},
        verifications=verifying.of(session, action.id),
        notes=written,
        writers=_names(session, {one.written_by for one in written}),
        reminders=team_reminders.about(session, action.id, member.id),
        asked=_asked(session, action),
        lines=timeline.lines(session, action),
        panels=action_panels.render_all(session, action),
        forms=forms or Forms.empty(event),
        member=member,
        wording=wording,
        words=words,
        parts=parts,
    )


def _withdrawn(session: Session, event: Event, action: PlannedAction, typed: Sequence[str] = ()) -> str:
    lines = timeline.lines(session, action)
    return render_template(
        "followup/tracking/action_withdrawn.html", event=event, action=action, lines=lines, words=words, typed=typed
    )


def _typed() -> list[str]:
    """What came with a form, as far as it is words."""
    return [value for value in request.form.values() if " " in value.strip()]


def _tracked(session: Session, event: Event, action: PlannedAction) -> Tracked:
    return next(one for one in track(session, event) if one.action.id == action.id)


def _names(session: Session, addresses: set[str]) -> dict[str, str]:
    known = select(StaffMember.email, StaffMember.name).where(StaffMember.email.in_(addresses))
    return {row.email: row.name for row in session.execute(known)}


def _asked(session: Session, action: PlannedAction) -> list[tuple[ActionOwner, list[CheckIn]]]:
    """Each owner with the questions that they were and will be asked, in order of time."""
    return [(owner, checkins.history(session, owner.link_id)) for owner in action.owners]
