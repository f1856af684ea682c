"""Commands for whoever runs Mande: setting up, keys, migrations, and saying what is wrong."""

import secrets
from pathlib import Path

import click
from sqlalchemy import delete

from mande import create_app
from mande import db
from mande import health
from mande import keyring
from mande import migrate
from mande import startup
from mande import web
from mande.config import MailSettings
from mande.config import Settings
from mande.config import SettingsError
from mande.mail import carriers
from mande.mail.errors import UnusableError
from mande.mail.incoming import inbox
from mande.staff.models import KnownKey

ENV_FILE = """\
# Settings of this installation of Mande. Keep this file secret, and keep a copy somewhere safe:
# without MANDE_OPERATOR_KEYS every open survey is lost, without MANDE_LINK_KEYS every link in people's mailboxes.
MANDE_ENVIRONMENT={environment}
MANDE_SECRET_KEY={secret}
MANDE_LINK_KEYS={link}
MANDE_OPERATOR_KEYS={operator}
MANDE_BASE_URL={base_url}
MANDE_DATABASE_URL={database_url}
MANDE_SMTP_HOST={smtp_host}
MANDE_SMTP_PORT={smtp_port}
MANDE_SMTP_SECURITY={smtp_security}
MANDE_MAIL_SENDER={sender}
# How many reverse proxies of yours stand in front, so that limits count the visitor's address and not the proxy's.
MANDE_PROXIES=0
# What respondents are told about why their answers may be processed: consent, public_task or legitimate_interests.
MANDE_LEGAL_BASIS=consent
"""


def env_text(base_url: str, database_url: str, mail: MailSettings, production: bool) -> str:
    """The text of a settings file with fresh keys."""
    return ENV_FILE.format(
        environment="production" if production else "development",
        secret=secrets.token_hex(32),
        link=keyring.new_key(),
        operator=keyring.new_key(),
        base_url=base_url,
        database_url=database_url,
        smtp_host=mail.host,
        smtp_port=mail.port,
        smtp_security=mail.security,
        sender=mail.sender,
    )


@click.command()
@click.option(
    "--base-url", prompt="Address at which people reach this installation", help="Such as https://mande.example.org"
)
@click.option("--database-url", default="sqlite:///var/mande.db", show_default=True, help="SQLite, or postgresql://…")
@click.option("--smtp-host", default="127.0.0.1", show_default=True)
@click.option("--smtp-port", default=587, show_default=True)
@click.option("--smtp-security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True)
@click.option("--sender", prompt="Address that messages come from")
@click.option("--file", "path", type=click.Path(path_type=Path), default=Path(".env"), show_default=True)
def init(
    base_url: str, database_url: str, smtp_host: str, smtp_port: int, smtp_security: str, sender: str, path: Path
) -> None:
    """Write a settings file with fresh keys. An existing file is left alone."""
    if path.exists():
        raise click.ClickException(f"{path} is already there, and its keys may be in use. Nothing was changed.")
    mail = MailSettings(host=smtp_host, port=smtp_port, security=smtp_security, sender=sender)  # type: ignore[arg-type]
    path.touch(mode=0o600)
    path.write_text(env_text(base_url, database_url, mail, production=base_url.startswith("https://")))
    click.echo(f"Wrote {path}. Back it up now, away from the database. Next: mande db upgrade, mande staff add.")


@click.group()
def keys() -> None:
    """Make, list and rotate the keys that are kept out of the database."""


@keys.command("new")
def new_key() -> None:
    """Print a fresh key: put it first in MANDE_LINK_KEYS or MANDE_OPERATOR_KEYS, before the older ones."""
    click.echo(keyring.new_key())


@keys.command("list")
def list_keys() -> None:
    """Print the fingerprints of the keys in the settings, the newest first."""
    settings = Settings.from_environment()
    for ring in (settings.link_keys, settings.operator_keys):
        for key in ring:
            click.echo(f"{ring.purpose}  {keyring.fingerprint(key)}")


@keys.command("rotate")
def rotate() -> None:
    """Wrap the keys of all open surveys and of all files under the newest operator's key, and retire the older ones.

    Put the new key first in MANDE_OPERATOR_KEYS, keep the old one behind it, run this, then take the old one out.
    """
    from mande.followup.keeping import files
    from mande.surveys import operations

    with startup.application(), db.transaction() as session:
        ring = web.settings().operator_keys
        count = operations.rotate_operator_key(session, ring)
        changed = files.rotate(session, ring)
        session.execute(delete(KnownKey).where(KnownKey.fingerprint != ring.fingerprint))
    click.echo(
        f"Now under the key {ring.fingerprint}: {count} open surveys, and {changed} files that were not. "
        "Older operator's keys may be removed."
    )


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest migration. Safe to run again."""
    app = create_app()
    with app.app_context():
        migrate.upgrade(db.database().engine)
        click.echo(f"The database is at migration {migrate.current(db.database().engine)}.")


@click.command()
def check() -> None:
    """Say what is wrong with this installation, and what to do. Exit code 1 if anything is."""
    try:
        app = startup.ready_app()
    except (SettingsError, keyring.KeyringError) as error:
        raise click.ClickException(str(error)) from error
    with app.app_context():
        settings, engine = web.settings(), db.database().engine
        click.echo(f"Database: {engine.url.render_as_string(hide_password=True)}, migrated.")
        click.echo(f"Keys: operator {settings.operator_keys.fingerprint}, link {settings.link_keys.fingerprint}.")
        wrong = []
        try:
            with carriers.chosen(settings) as carrier:
                carrier.check()
            click.echo(f"Mail: {carrier.name} takes messages.")
        except UnusableError as error:
            wrong.append(f"Mail: {error} See the settings of mail in docs/delivery.md.")
        if settings.inbox.protocol:
            try:
                with inbox.opened(settings.inbox):
                    click.echo(f"Inbox: {settings.inbox.host}:{settings.inbox.port} can be read.")
            except inbox.UnusableInboxError as error:
                wrong.append(f"Inbox: {error} See the settings MANDE_INBOX_….")
        with db.reading() as session:
            wrong += health.problems(session)
            click.echo("\n".join(health.notes(session)))
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo("Nothing is wrong.")
