"""What there is of a questionnaire: its draft, and every version, each by the name that addresses and commands use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mande.surveys import catalogue
from mande.surveys.authoring.editor import drafts

DRAFT = "draft"


@dataclass(frozen=True)
class Held:
    """`name` is "draft", or the number of the version; of two with one number, the later bears a part of its digest.

    `revision` is the draft's, 0 for a version, which cannot be changed. `at` is when it was edited or published.
    """

    name: str
    data: dict[str, Any]
    revision: int = 0
    at: datetime | None = None
    by: str = ""

    @property
    def is_draft(self) -> bool:
        return self.name == DRAFT


def everything(session: Session, code: str) -> list[Held]:
    """The draft, if there is one, then all versions, the newest first. Empty where nobody has heard of the code."""
    found: list[Held] = []
    draft = drafts.get(session, code)
    if draft:
        found.append(Held(DRAFT, draft.definition, draft.revision, draft.edited_at, draft.edited_by))
    for version in catalogue.versions(session, code):
        name = str(version.definition.version)
        if any(one.name == name for one in found):
            name = f"{name}-{version.definition.digest[:8]}"
        found.append(Held(name, version.definition.to_dict(), at=version.published_at))
    return found


def choose(found: list[Held], name: str | None, otherwise: int = 0) -> Held | None:
    """The one of this name, else the one at the place `otherwise`; None where there is none."""
    named = next((one for one in found if one.name == name), None)
    return named or (found[otherwise] if otherwise < len(found) else None)
