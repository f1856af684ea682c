"""What can be done with looks: keep their files, set them, take them away, list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from mande import clock
from mande.events.models import Event
from mande.reports.kinds import Paper
from mande.reports.looks import HOUSE
from mande.reports.models import KeptFile
from mande.reports.models import Look
from mande.staff import audit

LOGO, FONT = "image/png", "font/sfnt"


@dataclass(frozen=True)
class Chosen:
    """A look that somebody chose: `font` is a family of ours, or empty for that of `font_file`; files by digest."""

    accent: str
    font: str
    font_file: str | None
    logo: str | None
    logo_text: str
    paper: Paper


@dataclass(frozen=True)
class Convenor:
    """A convenor, how many events it has, and its own look if it has one."""

    name: str
    events: int
    look: Look | None


def keep(session: Session, data: bytes, media_type: str, name: str) -> str:
    """Keeps a file for good, and returns the digest by which it is found."""
    digest = sha256(data).hexdigest()
    if session.get(KeptFile, digest) is None:
        session.add(KeptFile(sha256=digest, media_type=media_type, name=name, data=data))
        session.flush()
    return digest


def file(session: Session, digest: str, media_type: str) -> KeptFile | None:
    """A kept file of this type, with its bytes."""
    wanted = select(KeptFile).where(KeptFile.sha256 == digest, KeptFile.media_type == media_type)
    return session.scalars(wanted.options(undefer(KeptFile.data))).one_or_none()


def name_of(session: Session, digest: str | None) -> str:
    """What a kept file is called; "" where there is none."""
    return session.scalar(select(KeptFile.name).where(KeptFile.sha256 == digest)) or ""


def save(session: Session, convenor: str, chosen: Chosen) -> None:
    """Sets the look of a convenor's reports, or with HOUSE that of all without their own."""
    look = session.get(Look, convenor)
    if look is None:
        look = Look(convenor=convenor)
        session.add(look)
    for name, value in vars(chosen).items():
        setattr(look, name, value)
    look.edited_at, look.edited_by = clock.now(), audit.doer()
    told = {
        "accent": chosen.accent,
        "font": chosen.font or "own",
        "paper": chosen.paper.value,
        "logo": bool(chosen.logo),
    }
    audit.record(session, "look of reports set", convenor or "all convenors", told)


def remove(session: Session, convenor: str) -> bool:
    """Takes a look away; returns whether there was one. Published editions keep theirs."""
    look = session.get(Look, convenor)
    if look is None:
        return False
    session.delete(look)
    audit.record(session, "look of reports taken away", convenor or "all convenors")
    return True


def convenors(session: Session) -> Sequence[Convenor]:
    """Everybody who convened an event or has a look, by name."""
    looks = {look.convenor: look for look in session.scalars(select(Look)) if look.convenor != HOUSE}
    counted = session.execute(select(Event.convenor, func.count()).group_by(Event.convenor))
    events = {row[0]: row[1] for row in counted}
    return [
        Convenor(name, events.get(name, 0), looks.get(name)) for name in sorted({*looks, *events}, key=str.casefold)
    ]
