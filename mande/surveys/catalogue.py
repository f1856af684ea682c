"""All questionnaires there are: those that come with Mande, and those that staff have published."""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.surveys.models import Questionnaire
from mande.surveys.questionnaires import definition
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.questions import say
from mande.surveys.versions import definition_of


@dataclass(frozen=True)
class Version:
    """One version of a questionnaire. `published_at` is None for those that come with Mande."""

    definition: Definition
    published_at: datetime | None = None

    @property
    def is_own(self) -> bool:
        return self.published_at is not None

    @property
    def rank(self) -> tuple[int, bool]:
        """By which the newest is found; of two with the same number, what staff have published counts more."""
        return self.definition.version, self.is_own


def find(session: Session, code_or_path: str | Path) -> Definition:
    """The newest version of the questionnaire with this code, or the one in the file named (.yaml or .yml).

    Raises DefinitionError, which says what codes there are.
    """
    if str(code_or_path).endswith((".yaml", ".yml")):
        return definition.load(code_or_path)
    found = newest(session).get(str(code_or_path))
    # What is no questionnaire, or one whose file is broken, the folder's own search explains.
    return found.definition if found else definition.find(code_or_path)


def newest(session: Session) -> dict[str, Version]:
    """The newest version of every questionnaire, by its code, in the order of their codes."""
    found: dict[str, Version] = {}
    for version in _all(session):
        code = version.definition.code
        if code not in found or version.rank > found[code].rank:
            found[code] = version
    return dict(sorted(found.items()))


def versions(session: Session, code: str) -> list[Version]:
    """Every version of one questionnaire, the newest first; also of those that came with an earlier Mande and were
    used. Empty where there is none of this code."""
    kept = session.scalars(select(Questionnaire).where(Questionnaire.code == code))
    found = [Version(definition_of(one), one.published_at) for one in kept]
    known = {version.definition.digest for version in found}
    shipped = [one for one in _shipped() if one.code == code and one.digest not in known]
    return sorted([*found, *map(Version, shipped)], key=lambda version: version.rank, reverse=True)


@dataclass(frozen=True)
class Choice:
    """What people in one role can be asked with: those that suit the formats of the meetings, and all others.

    `usual` is the code of the one that is proposed.
    """

    suited: tuple[Definition, ...]
    others: tuple[Definition, ...]
    usual: str


def choice(known: Mapping[str, Version], role: str, wave: str, formats: Collection[str], usual: str) -> Choice:
    """What can be chosen from for a role in a wave. `usual` is proposed unless it does not suit the meetings' formats
    and a sister of it does, whose code goes on after it ("participants-hybrid")."""
    found = sorted(
        (version.definition for version in known.values() if version.definition.role == role),
        key=lambda meant: (say(meant.title, "en").casefold(), meant.code),
    )
    found = [meant for meant in found if meant.wave == wave]
    suited = tuple(meant for meant in found if _suits(meant, set(formats)))
    codes = [meant.code for meant in suited]
    sister = next((code for code in codes if code.startswith(f"{usual}-")), usual)
    others = tuple(meant for meant in found if meant not in suited)
    return Choice(suited, others, usual if usual in codes else sister)


def _suits(meant: Definition, formats: set[str]) -> bool:
    """Meetings of several formats are, taken together, a hybrid event: some people were online, others in the room."""
    mixed = len(formats) > 1 and "hybrid" in meant.formats
    return not meant.formats or formats <= set(meant.formats) or mixed


def _all(session: Session) -> Iterator[Version]:
    yield from map(Version, _shipped())
    for one in session.scalars(select(Questionnaire).where(Questionnaire.published_at.is_not(None))):
        yield Version(definition_of(one), one.published_at)


def _shipped() -> Iterator[Definition]:
    """Those that come with Mande. A file that cannot be used hides none but itself."""
    for path in sorted(definition.FOLDER.glob("*.yaml")):
        with suppress(DefinitionError):
            yield _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _loaded(path: Path, _changed: int) -> Definition:
    return definition.load(path)
