"""The sectors that people can be of: those that every installation knows, then its own."""

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import OwnSector
from mande.events.models import Person
from mande.events.words import key
from mande.staff import audit

NAME_LENGTH = 100
_CODE_LENGTH = 28
# What groups are called elsewhere: a sector of the same code would be read as one of them.
_TAKEN = {*Sector, *Mode, *Role, "unknown", "all", "several", "other", "yes", "no"}


class SectorError(Exception):
    """The sector cannot be called so. The text says why."""


def known(session: Session) -> dict[str, str]:
    """What each sector is called in the language of the page, by code. An own sector is called as it was typed."""
    return {**standard(), **own(session)}


def standard() -> dict[str, str]:
    """What the sectors of every installation are called in the language of the page, by code."""
    return {
        Sector.STATE: _("government"),
        Sector.MULTILATERAL: _("international organisation"),
        Sector.CIVIL_SOCIETY: _("civil society"),
        Sector.ACADEMIA: _("academia"),
        Sector.BUSINESS: _("business"),
        Sector.MEDIA: _("media"),
    }


def own(session: Session) -> dict[str, str]:
    """The names of the installation's own sectors by code, in alphabetical order."""
    found = session.execute(select(OwnSector.code, OwnSector.name)).all()
    return {one.code: one.name for one in sorted(found, key=lambda one: key(one.name))}


def people(session: Session) -> dict[str, int]:
    """How many people are of each sector that anybody is of."""
    counted = select(Person.sector, func.count()).where(Person.sector.is_not(None)).group_by(Person.sector)
    return {code: number for code, number in session.execute(counted) if code}


def add(session: Session, name: str) -> OwnSector:
    """A new sector of this name. Raises SectorError."""
    name = _free(session, name)
    sector = OwnSector(code=_code(session, name), name=name)
    session.add(sector)
    session.flush()
    audit.record(session, "sector added", name)
    return sector


def rename(session: Session, sector: OwnSector, name: str) -> None:
    """Another name for a sector, everywhere. Raises SectorError."""
    name = _free(session, name, sector)
    if name != sector.name:
        audit.record(session, "sector renamed", name, {"before": sector.name})
        sector.name = name
        session.flush()


def remove(session: Session, sector: OwnSector, instead: str | None) -> None:
    """Removes a sector. Its people become those of the sector `instead` (its code; None: of no sector).

    What was counted under it in surveys that are closed stays as it was. Raises SectorError where `instead` is none.
    """
    if instead is not None and (instead == sector.code or instead not in known(session)):
        raise SectorError("Choose another sector for its people, or none.")
    session.execute(update(Person).where(Person.sector == sector.code).values(sector=instead))
    session.delete(sector)
    session.flush()
    audit.record(session, "sector removed", sector.name, {"instead": instead or "none"})


def _free(session: Session, name: str, besides: OwnSector | None = None) -> str:
    """The name in one line, if no other sector is called so."""
    name = " ".join(name.split())
    if not key(name):
        raise SectorError("Enter the sector's name.")
    if len(name) > NAME_LENGTH:
        raise SectorError(f"Use at most {NAME_LENGTH} characters.")
    others = {key(label): label for code, label in known(session).items() if besides is None or code != besides.code}
    others |= {key(sector.replace("_", " ")): sector.replace("_", " ") for sector in Sector}
    if key(name) in others:
        raise SectorError(f"There is a sector of this name already: {others[key(name)]}.")
    return name


def _code(session: Session, name: str) -> str:
    """A code for a new sector: its name in small Latin letters, as far as it has any."""
    letters = "".join(one if one.isascii() else " " for one in key(name))
    slug = "-".join(letters.split())[:_CODE_LENGTH].strip("-") or "sector"
    taken = {*_TAKEN, *own(session)}
    number, code = 1, slug
    while code in taken or session.scalar(select(func.count()).where(Person.sector == code)):
        number += 1
        code = f"{slug}-{number}"
    return code
