"""`mande edition`: what is published of events, and whether it can be made again byte for byte."""

import click
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from mande import create_app
from mande import db
from mande.events import operations as events
from mande.events.models import Event
from mande.events.operations import EventNotFoundError
from mande.pdf import RenderingError
from mande.reports.editions import verifying
from mande.reports.editions import words
from mande.reports.editions.verifying import Finding
from mande.reports.editions.verifying import Verified
from mande.reports.models import Edition

FINDINGS = {
    Finding.SAME: "the same bytes",
    Finding.CHANGED: "other bytes, made by other programs than then",
    Finding.DIFFERENT: "OTHER BYTES, although the programs are the same",
    Finding.SPOILT: "SPOILT: what is stored does not match its digest. Restore it from a backup",
}


@click.group()
def edition() -> None:
    """Published editions: list them, make them again."""


@edition.command("list")
@click.argument("code", metavar="[EVENT]", required=False)
def list_editions(code: str | None) -> None:
    """List what is published, of one EVENT or of all, with the digests of the PDFs."""
    with create_app().app_context():
        for one in _wanted(code):
            click.echo(f"{one.pdf_sha256}  {one.published_at:%Y-%m-%d}  {one.event.code}  {words.called(one)}")


@edition.command()
@click.argument("code", metavar="[EVENT]", required=False)
@click.option("--programs", "tell", is_flag=True, help="Say which programs are other versions now.")
def verify(code: str | None, tell: bool) -> None:
    """Make what is published again, of one EVENT or of all, and compare it with what is stored, byte for byte.

    It ends with 1 if an edition is not what was published, or if the same programs make other bytes of it. Other
    programs may: which ones made an edition is kept with it.

    \b
      mande edition verify
      mande edition verify WP1873v --programs
    """
    with create_app().app_context():
        found = [_verified(one, tell) for one in _wanted(code)]
    click.echo(f"{len(found)} verified, {found.count(False)} wrong.")
    if not all(found):
        raise SystemExit(1)


def _verified(one: Edition, tell: bool) -> bool:
    """Whether nothing is wrong with an edition; says what was found."""
    name = f"{one.event.code}, {words.called(one)}"
    try:
        result: Verified = verifying.verify(one.id)
    except RenderingError as error:
        click.echo(f"{name}: {error}")
        return False
    click.echo(f"{name}: {FINDINGS[result.finding]}.")
    if tell and result.programs:
        click.echo("".join(f"  {part}\n" for part in result.programs), nl=False)
    return not result.wrong


def _wanted(code: str | None) -> list[Edition]:
    wanted = (
        select(Edition)
        .join(Edition.event)
        .options(contains_eager(Edition.event))
        .order_by(Event.code, Edition.published_at, Edition.kind, Edition.language, Edition.number)
    )
    try:
        with db.reading() as session:
            if code:
                wanted = wanted.where(Edition.event_id == events.find(session, code).id)
            return list(session.scalars(wanted))
    except EventNotFoundError as error:
        raise click.ClickException(str(error)) from error
