"""The readers of a partner: adding one, renewing and revoking the link, finding who holds one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import tokens
from mande.events import timing
from mande.events.models import Partner
from mande.events.records import person_addresses
from mande.events.records.person_addresses import AddressError
from mande.languages import INTERFACE
from mande.mail import outbox
from mande.reports.models import Reader
from mande.reports.models import ReaderCode
from mande.reports.models import ReaderSession
from mande.reports.partners import letters
from mande.staff import audit
from mande.web import settings

LONGEST_NAME = 200
MONTHS = range(1, 13)
USUAL_MONTHS = 12


class ReaderError(Exception):
    """Nobody can be added with what was typed: what is wrong, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wanted:
    """Who is to be a reader, as typed; valid for `months`, 1 to 12."""

    name: str
    email: str
    language: str = "en"
    months: int = USUAL_MONTHS


def add(session: Session, partner: Partner, wanted: Wanted) -> Reader:
    """A new reader of a partner, whose link is sent at once. Raises ReaderError.

    Somebody whose link was revoked or has ended is a reader again, by another link: the former one stays dead.
    """
    problems: dict[str, str] = {}
    name = " ".join(wanted.name.split())
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = f"Enter a name of {LONGEST_NAME} characters at most."
    if wanted.language not in INTERFACE:
        problems["language"] = "Choose one of the languages."
    if wanted.months not in MONTHS:
        problems["months"] = "Choose from 1 to 12 months."
    email = ""
    try:
        email = person_addresses.read(wanted.email)
    except AddressError as error:
        problems["email"] = str(error)
    known = find_by_address(session, partner.id, email) if email else None
    if known is not None and is_valid(known, clock.now()):
        problems["email"] = f"{email} is a reader of {partner.name} already, see the list."
    if problems:
        raise ReaderError(problems)
    reader = known or Reader(id=uuid4(), partner=partner, email=email, added_at=clock.now(), added_by=audit.doer())
    reader.name, reader.language, reader.revoked_at = name, wanted.language, None
    reader.valid_until = _end(wanted.months)
    _give_link(reader)
    session.add(reader)
    session.flush()
    _record(session, reader, "reader added", {"months": wanted.months})
    letters.send_link(session, reader)
    return reader


def renew(session: Session, reader: Reader, months: int) -> None:
    """Lets a reader in for so many months (1 to 12) from today, and sends the link. A revoked one gets another link."""
    if months not in MONTHS:
        raise ReaderError({"months": "Choose from 1 to 12 months."})
    if reader.revoked_at is not None:
        reader.revoked_at = None
        _give_link(reader)
    reader.valid_until = _end(months)
    session.flush()
    _record(session, reader, "reader renewed", {"months": months})
    letters.send_link(session, reader)


def send_again(session: Session, reader: Reader) -> None:
    """Sends a reader their link once more. Nothing is sent to one who may not read."""
    if is_valid(reader, clock.now()):
        letters.send_link(session, reader)
        _record(session, reader, "reader’s link sent again", {})


def revoke(session: Session, reader: Reader) -> None:
    """Ends a reader's link, codes and open sessions at once, for good."""
    reader.revoked_at = clock.now()
    session.execute(delete(ReaderSession).where(ReaderSession.reader_id == reader.id))
    session.execute(delete(ReaderCode).where(ReaderCode.reader_id == reader.id))
    outbox.forget(session, [reader.id], "The reader's link was revoked.")
    session.flush()
    _record(session, reader, "reader revoked", {})


def is_valid(reader: Reader, now: datetime) -> bool:
    """Whether the reader may read at this moment."""
    return reader.revoked_at is None and reader.valid_until > now


def find(session: Session, token: str) -> Reader | None:
    """The reader who holds a link with this token, as typed, whether or not they may still read; locked for writing."""
    well_formed = tokens.normalise(token)
    if well_formed is None:
        return None
    wanted = select(Reader).where(Reader.token_digest == tokens.digest(well_formed)).with_for_update(of=Reader)
    return session.scalars(wanted.options(joinedload(Reader.partner))).one_or_none()


def find_by_address(session: Session, partner_id: UUID, email: str) -> Reader | None:
    """The reader of a partner with this address."""
    wanted = select(Reader).where(Reader.partner_id == partner_id, Reader.email == email)
    return session.scalars(wanted).one_or_none()


def token_of(reader: Reader) -> str:
    """The token of a reader's link, derived anew. Raises KeyringError where its key is no longer on the ring."""
    return tokens.derive(settings().link_keys.find(reader.link_key), reader.id, reader.nonce)


def _give_link(reader: Reader) -> None:
    ring = settings().link_keys
    reader.nonce, reader.link_key = tokens.new_nonce(), ring.fingerprint
    reader.token_digest = tokens.digest(tokens.derive(ring.newest, reader.id, reader.nonce))


def _end(months: int) -> datetime:
    now = clock.now()
    return now + (timing.add_months(now.date(), months) - now.date())


def _record(session: Session, reader: Reader, what: str, detail: dict[str, object]) -> None:
    audit.record(session, what, reader.partner.name, {"reader": reader.name, **detail})
