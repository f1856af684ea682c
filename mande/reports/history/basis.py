"""What is kept of a published edition for the check of the next: figures that it shows, marks, and no person. Pure."""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mande.reports.history import attending
from mande.reports.history import essence
from mande.reports.history.marks import Marks

Said = dict[str, Any]
EVENT = "event"


def basis_of(document: Mapping[str, Any], surveys: Mapping[str, Collection[UUID]], actions: Marks, salt: str) -> Said:
    """What an edition that circulates tells. `surveys` are those that it reports on, by wave."""
    waves = dict(_waves(document, surveys))
    return {
        "k": document["method"]["k"] if "method" in document else 0,
        "surveys": {wave: sorted(map(str, surveys[wave])) for wave in waves},
        "questions": [
            [wave, one["code"], one["type"], one.get("apart", 0), told]
            for wave, questions in waves.items()
            for one in questions
            if (told := essence.essence(one))
        ],
        "actions": actions.as_json(),
        "attended": attending.of_document(document),
        "salt": salt,
    }


def _waves(document: Mapping[str, Any], surveys: Mapping[str, Collection[UUID]]) -> Iterator[tuple[str, list[Said]]]:
    """The questions of each wave that the document reports on."""
    for wave in surveys:
        part = document if wave == EVENT else document.get("followup")
        if part:
            yield wave, part.get("questions") or []
