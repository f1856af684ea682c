"""What must hold before anything runs: the newest migrations, and the keys with which the database has been used."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import create_app
from mande import db
from mande import migrate
from mande.config import Settings
from mande.config import SettingsError
from mande.followup.models import ActionRequest
from mande.followup.models import ErasureRequest
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.followup.models import RequestState
from mande.keyring import Keyring
from mande.keyring import fingerprint
from mande.reports.models import Reader
from mande.staff.models import KnownKey
from mande.surveys.models import Invitation


def ready_app(settings: Settings | None = None) -> Flask:
    """An application that may run. Raises SettingsError where its database or keys are not those it needs."""
    app = create_app(settings)
    with app.app_context():
        engine = db.database().engine
        found, wanted = migrate.current(engine), migrate.newest()
        if found != wanted:
            raise SettingsError(
                f"The database is at migration {found or 'none'}, this program needs {wanted}. Run `mande db upgrade`."
            )
        in_use: Settings = app.extensions["mande.settings"]
        with db.transaction() as session:
            accept_operator_keys(session, in_use.operator_keys)
            refuse_missing_link_keys(session, in_use.link_keys)
    return app


@contextmanager
def application() -> Iterator[Flask]:
    """An application that may run, with its context pushed: what every command works in."""
    app = ready_app()
    with app.app_context():
        yield app


def accept_operator_keys(session: Session, keyring: Keyring) -> None:
    """Remembers the newest operator's key. Raises SettingsError if one that the database knows is not on the ring."""
    known = set(session.scalars(select(KnownKey.fingerprint)))
    missing = known - {fingerprint(key) for key in keyring}
    if missing:
        raise SettingsError(
            f"MANDE_OPERATOR_KEYS lacks the key with fingerprint {', '.join(sorted(missing))}, with which this database"
            " has been used. Without it no open survey can be closed. Put it back from your backup, after the newer "
            "ones; `mande keys rotate` retires it."
        )
    if keyring.fingerprint not in known:
        session.add(KnownKey(fingerprint=keyring.fingerprint, since=clock.now()))


def refuse_missing_link_keys(session: Session, keyring: Keyring) -> None:
    """Raises SettingsError if links in people's mailboxes were made with a key that is not on the ring."""
    used = set(session.scalars(select(FollowupLink.link_key).distinct()))
    used |= set(session.scalars(select(FormerFollowupLink.link_key).distinct()))
    used |= set(session.scalars(select(ErasureRequest.link_key).distinct()))
    still_open = ActionRequest.state.in_((RequestState.ASKED, RequestState.AGREED))
    used |= set(session.scalars(select(ActionRequest.link_key).where(still_open).distinct()))
    used |= set(session.scalars(select(Invitation.link_key).where(Invitation.link_key.is_not(None)).distinct()))
    used |= set(session.scalars(select(Reader.link_key).distinct()))
    missing = used - {fingerprint(key) for key in keyring}
    if missing:
        raise SettingsError(
            f"MANDE_LINK_KEYS lacks the key with fingerprint {', '.join(sorted(missing))}, which made links that people"
            " still hold. Put it back, after the newer ones."
        )
