"""The one message of follow-up: a check-in that lists what its owner said, in their own words."""

from collections.abc import Sequence
from datetime import datetime

from mande import languages
from mande.followup import schedule
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox

PATH = "/a/[[token]]/report"


def check_in(link: FollowupLink, asked: CheckIn, actions: Sequence[PlannedAction], due_at: datetime) -> Draft:
    """The message about a check-in, in its owner's language, to be sent at `due_at`. `actions` are the open ones."""
    event, person = link.attendance.event, link.attendance.person
    language = languages.suitable([person.language]) or languages.SOURCE
    months, own_date = schedule.read_step(asked.step)
    composed = compose(
        "check_in",
        language,
        name=person.name,
        title=event.title,
        actions=actions,
        months=months,
        own_date=own_date,
        manager=event.manager_name,
        convenor=event.convenor,
    )
    return Draft(
        about=asked.id,
        kind=MessageKind.CHECK_IN,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=Link(PATH, link.id, link.nonce, link.link_key),
        language=language,
        event_id=event.id,
    )
