"""Commands about the accounts of the team."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from mande import db
from mande import startup
from mande.staff import accounts
from mande.staff import audit
from mande.staff import passwords
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole

ROLES = click.Choice([role.value for role in StaffRole])


@click.group()
def staff() -> None:
    """Say who of the team may sign in, and what they may do.

    A viewer reads; a manager also imports attendees, opens and closes surveys and publishes reports; an administrator
    also reads the audit trail. There is no way to become one of these from outside: accounts are made here.
    """


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="How the person is called on pages and in the audit trail.")
@click.option("--role", type=ROLES, default="manager", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def add(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Let EMAIL sign in. Prints a made-up password, this once: the person changes it under their own name.

    \b
    Example:
      mande staff add sam@example.org --name "Sam Example" --role administrator
    """
    password = _password(password_stdin)
    with startup.application(), db.transaction() as session, _explained():
        accounts.add(session, email, name, StaffRole(role), password, actor=audit.operator())
    click.echo(f"{accounts.normalise(email)} may sign in as {role}.")
    _tell(password, password_stdin)


@staff.command("list")
def list_members() -> None:
    """List the accounts: address, role, whether open, name."""
    with startup.application(), db.reading() as session:
        members = accounts.everybody(session)
    if not members:
        click.echo("There is no account yet. `mande staff add --help` tells how to make one.")
    width = max((len(member.email) for member in members), default=0)
    for member in members:
        state = "open" if member.active else "closed"
        right = f", may {accounts.TAKING}" if member.takes_answers else ""
        click.echo(f"{member.email:<{width}}  {member.role.value:<13}  {state:<6}  {member.name}{right}")


@staff.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def password(email: str, password_stdin: bool) -> None:
    """Set a new password for EMAIL and sign them out everywhere. Prints a made-up one, this once."""
    new = _password(password_stdin)
    with startup.application(), db.transaction() as session, _explained():
        accounts.change_password(session, _find(session, email), new, actor=audit.operator())
    click.echo(f"{accounts.normalise(email)} has a new password and is signed out everywhere.")
    _tell(new, password_stdin)


@staff.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
def role(email: str, role: str) -> None:
    """Give EMAIL another ROLE, at once."""
    with startup.application(), db.transaction() as session, _explained():
        accounts.change_role(session, _find(session, email), StaffRole(role), actor=audit.operator())
    click.echo(f"{accounts.normalise(email)} is now {role}.")


@staff.command("right")
@click.argument("email")
@click.option(
    "--take-answers/--no-take-answers", "takes", required=True, help="By telephone, and from sheets of paper."
)
def right(email: str, takes: bool) -> None:
    """Let EMAIL, whatever their role, take answers down for other people; or no longer. Managers may in any case.

    \b
    Example:
      mande staff right sam@example.org --take-answers
    """
    with startup.application(), db.transaction() as session, _explained():
        accounts.set_takes_answers(session, _find(session, email), takes, actor=audit.operator())
    click.echo(f"{accounts.normalise(email)} {'may' if takes else 'may no longer'} take answers down.")


@staff.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close the account of EMAIL: they are signed out and cannot sign in. What they did stays in the audit trail."""
    _set_active(email, False)


@staff.command("open")
@click.argument("email")
def reopen(email: str) -> None:
    """Open a closed account again, with the password that it had."""
    _set_active(email, True)


def _set_active(email: str, active: bool) -> None:
    with startup.application(), db.transaction() as session, _explained():
        accounts.set_active(session, _find(session, email), active, actor=audit.operator())
    click.echo(f"{accounts.normalise(email)} {'may sign in again' if active else 'may no longer sign in'}.")


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else passwords.made_up()


def _tell(password: str, from_stdin: bool) -> None:
    if not from_stdin:
        click.echo(f"Password, shown this once: {password}")


def _find(session: Session, email: str) -> StaffMember:
    member = accounts.find(session, email)
    if member is None:
        raise accounts.AccountError(f"There is no account {email!r}. `mande staff list` shows those that there are.")
    return member


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except accounts.AccountError as error:
        raise click.ClickException(str(error)) from error
