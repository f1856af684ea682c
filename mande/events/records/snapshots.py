"""People and attendances as JSON, from which they can be made again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mande.events.kinds import AgeBand
from mande.events.kinds import Mode
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.models import PersonMerge

FIELDS = (
    "name", "organisation", "position", "country", "sector", "gender", "age_band", "accessibility", "discreet",
    "language", "time_zone",
)  # fmt: skip

Snapshot = dict[str, Any]


def of_person(person: Person) -> Snapshot:
    values = {name: getattr(person, name) for name in FIELDS}
    values["age_band"] = person.age_band.value if person.age_band else None
    return {"id": person.id.hex, "email": person.email, "further": [one.address for one in person.addresses], **values}


def field(snapshot: Snapshot, name: str) -> Any:
    """The value of a person's field as a Person takes it."""
    value = snapshot[name]
    return AgeBand(value) if name == "age_band" and value else value


def of_attendance(attendance: Attendance) -> Snapshot:
    return {
        "id": attendance.id.hex,
        "roles": sorted(one.role.value for one in attendance.roles),
        "meetings": sorted(meeting.id.hex for meeting in attendance.meetings),
        "mode": attendance.mode.value if attendance.mode else None,
        "group": attendance.group_id.hex if attendance.group_id else None,
    }


def mode(snapshot: Snapshot) -> Mode | None:
    return Mode(snapshot["mode"]) if snapshot["mode"] else None


def of_merge(merge: PersonMerge) -> Snapshot:
    return {
        "id": merge.id.hex,
        "at": merge.merged_at.isoformat(),
        "by": merge.merged_by,
        "before": merge.before,
        "undone": merge.undone_at.isoformat() if merge.undone_at else None,
    }


def merge(snapshot: Snapshot, kept_id: UUID) -> PersonMerge:
    undone = snapshot["undone"]
    return PersonMerge(
        id=UUID(snapshot["id"]),
        kept_id=kept_id,
        merged_at=datetime.fromisoformat(snapshot["at"]),
        merged_by=snapshot["by"],
        before=snapshot["before"],
        undone_at=datetime.fromisoformat(undone) if undone else None,
    )
