"""A copy of WP1873v held "yesterday", its surveys open, so that whoever tries the demonstration can answer."""

from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from mande import clock
from mande import db
from mande.config import ROOT
from mande.demo.place import STAFF_EMAIL
from mande.demo.place import Place
from mande.demo.story import ZONE
from mande.demo.story import Story
from mande.events.describing import files
from mande.followup import clockwork
from mande.surveys import operations as surveys

CODE = "WP1873v-TRY"


def open_one(place: Place, story: Story) -> None:
    """Sets the copy up, invites everybody and sends the messages."""
    path = place.folder / f"{CODE}.yaml"
    path.write_text(yaml.safe_dump(_copy(clock.today(ZONE.key)), allow_unicode=True), encoding="utf-8")
    with db.transaction() as session:
        event = files.load_event(session, path)
        story.import_attendees(session, event)
        surveys.open_surveys(session, event, actor=STAFF_EMAIL)
    clockwork.tick()


def _copy(today: date, source: Path = ROOT / "demo" / "WP1873v.yaml") -> dict[str, Any]:
    """The event's file, with another code and title and its last meeting held on the day before `today`."""
    event: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    later = today - timedelta(days=1) - _start(event["meetings"][-1]).date()
    for meeting in event["meetings"]:
        for end in ("starts", "ends"):
            meeting[end] = (datetime.fromisoformat(str(meeting[end])) + later).isoformat(" ", "minutes")
    return {**event, "code": CODE, "title": f"For you to try: {event['title']}"}


def _start(meeting: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(meeting["starts"]))
