"""The accounts of the team: adding, signing in, changing a password, ending sessions."""

import secrets
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.staff import audit
from mande.staff import passwords
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole

TAKING = "take answers down"


class AccountError(Exception):
    """What was asked for cannot be done. The text says why and what would do."""


def normalise(address: str) -> str:
    """An address as accounts are found by it."""
    return address.strip().lower()


def find(session: Session, address: str) -> StaffMember | None:
    return session.scalars(select(StaffMember).where(StaffMember.email == normalise(address))).one_or_none()


def everybody(session: Session) -> list[StaffMember]:
    """All accounts by name."""
    return list(session.scalars(select(StaffMember).order_by(StaffMember.name, StaffMember.email)))


def add(
    session: Session, address: str, name: str, role: StaffRole, password: str, actor: str | None = None
) -> StaffMember:
    """A new account. Raises AccountError where the address has one, or address, name or password won't do."""
    email = normalise(address)
    if parseaddr(email)[1] != email or "@" not in email[1:-1] or len(email) > 254:
        raise AccountError(f"{address!r} is not an e-mail address.")
    if not name.strip():
        raise AccountError("The name is empty.")
    if find(session, email):
        raise AccountError(f"{email} has an account already. `mande staff password {email}` sets a new password.")
    _refuse_weak(password, email, name)
    member = StaffMember(
        email=email,
        name=name.strip(),
        role=role,
        password_hash=passwords.hashed(password),
        session_stamp=_new_stamp(),
    )
    session.add(member)
    session.flush()
    audit.record(session, "account added", email, {"name": member.name, "role": role.value}, actor)
    return member


def authenticate(session: Session, address: str, password: str) -> StaffMember | None:
    """The active member with this address and password, or None; it takes as long for an unknown address."""
    member = find(session, address)
    fits = passwords.matches(member.password_hash if member else None, password)
    return member if fits and member is not None and member.active else None


def change_password(session: Session, member: StaffMember, password: str, actor: str | None = None) -> StaffMember:
    """Sets a new password and ends every session of the member. Raises AccountError where it won't do.

    Returns the member as stored now, whose new stamp a session must carry to stay signed in.
    """
    _refuse_weak(password, member.email, member.name)
    stored = session.merge(member)
    stored.password_hash = passwords.hashed(password)
    stored.session_stamp = _new_stamp()
    audit.record(session, "password changed", stored.email, actor=actor)
    return stored


def end_sessions(session: Session, member: StaffMember) -> None:
    """Signs the member out everywhere: a copy of the cookie is worth nothing afterwards."""
    session.merge(member).session_stamp = _new_stamp()


def change_role(session: Session, member: StaffMember, role: StaffRole, actor: str | None = None) -> None:
    """Gives the member another role. Raises AccountError where nobody would be left to administer."""
    if member.role is StaffRole.ADMINISTRATOR and role is not StaffRole.ADMINISTRATOR:
        _refuse_to_lose_the_last_administrator(session, member)
    audit.record(session, "role changed", member.email, {"from": member.role.value, "to": role.value}, actor)
    member.role = role


def set_takes_answers(session: Session, member: StaffMember, takes: bool, actor: str | None = None) -> None:
    """Gives the member the right to take answers down by telephone or from paper, or takes it from them."""
    if member.takes_answers != takes:
        audit.record(session, "right given" if takes else "right withdrawn", member.email, {"right": TAKING}, actor)
    member.takes_answers = takes


def set_active(session: Session, member: StaffMember, active: bool, actor: str | None = None) -> None:
    """Lets the member sign in, or no longer. Raises AccountError where nobody would be left to administer."""
    if not active and member.role is StaffRole.ADMINISTRATOR:
        _refuse_to_lose_the_last_administrator(session, member)
    if member.active != active:
        audit.record(session, "account opened" if active else "account closed", member.email, actor=actor)
    member.active = active
    member.session_stamp = _new_stamp()


def _refuse_to_lose_the_last_administrator(session: Session, member: StaffMember) -> None:
    others = [
        one
        for one in everybody(session)
        if one.role is StaffRole.ADMINISTRATOR and one.active and one.email != member.email
    ]
    if not others:
        raise AccountError(f"{member.email} is the only administrator. Make another one first.")


def _refuse_weak(password: str, *known: str) -> None:
    problem = passwords.problem_with(password, *known)
    if problem:
        raise AccountError(problem)


def _new_stamp() -> str:
    return secrets.token_hex(16)
