"""The list of questionnaires: which are wanted, in which order, and what is said of each."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.kinds import Format
from mande.events.kinds import Role
from mande.events.words import key
from mande.surveys import catalogue
from mande.surveys.authoring.editor import drafts
from mande.surveys.catalogue import Version
from mande.surveys.models import Questionnaire
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.models import Survey
from mande.surveys.models import Wave
from mande.surveys.questionnaires.questions import say

SHIPPED, OWN, DRAFTED = "shipped", "own", "drafted"
ORIGINS = (SHIPPED, OWN, DRAFTED)
HEADER = (
    "code", "title", "role", "wave", "formats", "languages", "newest version", "published", "surveys", "draft edited",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One questionnaire. `newest` is None while it is only a draft; `surveys` counts those that use any version."""

    code: str
    newest: Version | None
    draft: QuestionnaireDraft | None
    surveys: int

    @property
    def title(self) -> str:
        return say(self._said("title", {}), self.languages[0])

    @property
    def role(self) -> str:
        return str(self._said("role", ""))

    @property
    def wave(self) -> str:
        return str(self._said("wave", "") or Wave.EVENT)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of meetings that it suits; all of them where it names none."""
        return tuple(self._said("formats", ())) or tuple(one.value for one in Format)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._said("languages", ()))

    @property
    def origins(self) -> tuple[str, ...]:
        own = OWN if self.newest is None or self.newest.is_own else SHIPPED
        return (own, DRAFTED) if self.draft else (own,)

    @property
    def number(self) -> int:
        """The newest version; 0 before there is one."""
        return self.newest.definition.version if self.newest else 0

    @property
    def published_at(self) -> datetime | None:
        return self.newest.published_at if self.newest else None

    def _said(self, name: str, otherwise: Any) -> Any:
        if self.newest:
            return getattr(self.newest.definition, name)
        return self.draft.definition.get(name, otherwise) if self.draft else otherwise


ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "title": lambda line: key(line.title),
    "code": lambda line: line.code,
    "role": lambda line: (list(Role).index(Role(line.role)) if line.role else len(Role), line.wave),
    "version": lambda line: line.number,
    "surveys": lambda line: line.surveys,
}


@dataclass(frozen=True)
class Filter:
    """Which questionnaires are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    role: str = ""
    wave: str = ""
    origin: str = ""
    sort: str = "title"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Filter":
        sort = args.get("sort", "")
        return cls(
            text=args.get("text", "").strip()[:200],
            role=_one_of(args.get("role", ""), list(Role)),
            wave=_one_of(args.get("wave", ""), list(Wave)),
            origin=_one_of(args.get("origin", ""), ORIGINS),
            sort=sort if sort.removeprefix("-") in ORDERS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        names = ("text", "role", "wave", "origin", "sort")
        values = {name: getattr(self, name) for name in names} | changes
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", Filter.sort)}

    def fits(self, line: Line) -> bool:
        return (
            key(self.text) in key(f"{line.code} {line.title}")
            and (not self.role or self.role == line.role)
            and (not self.wave or self.wave == line.wave)
            and (not self.origin or self.origin in line.origins)
        )


def everything(session: Session) -> list[Line]:
    """Every questionnaire that there is, in a few statements however many there are."""
    newest, begun = catalogue.newest(session), drafts.all_drafts(session)
    used = select(Questionnaire.code, func.count()).join(Survey).group_by(Questionnaire.code)
    surveys = {code: number for code, number in session.execute(used)}  # noqa: C416 (rows are no pairs to mypy)
    return [Line(code, newest.get(code), begun.get(code), surveys.get(code, 0)) for code in sorted({*newest, *begun})]


def selected(lines: list[Line], wanted: Filter) -> list[Line]:
    """Those that are wanted, in the order that is wanted; what is equal stands in the order of titles."""
    found = sorted((line for line in lines if wanted.fits(line)), key=ORDERS["title"])
    return sorted(found, key=ORDERS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


def row(line: Line) -> list[object]:
    """A line of the list as a file has it; columns as HEADER."""
    published = line.published_at.date() if line.published_at else None
    edited = line.draft.edited_at.date() if line.draft else None
    return [
        line.code, line.title, line.role, line.wave, " ".join(line.formats), " ".join(line.languages),
        line.number or None, published, line.surveys, edited,
    ]  # fmt: skip


def _one_of(asked: str, allowed: Any) -> str:
    return asked if asked in allowed else ""
