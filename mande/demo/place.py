"""Where a demonstration lives: a folder with its database, its mail, its reports and its keys."""

import json
import secrets
import shutil
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from pathlib import Path

from mande.config import MailSettings
from mande.config import Settings
from mande.keyring import Keyring
from mande.keyring import new_key
from mande.pacing import Limits

STAFF_EMAIL = "staff@mande.example"


@dataclass(frozen=True)
class Place:
    """The folder of a demonstration and the ports it uses."""

    folder: Path
    port: int
    smtp_port: int
    mailbox_port: int

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def _notes(self) -> Path:
        return self.folder / "demo.json"

    def lived_until(self) -> date | None:
        """Up to which day the story in this folder was told, to its end; None where there is none."""
        notes = self._read()
        return date.fromisoformat(notes["lived_until"]) if notes.get("lived_until") else None

    def mark_lived(self, until: date, moment: datetime) -> None:
        notes = {**self._read(), "lived_until": until.isoformat(), "moment": moment.isoformat()}
        self._notes.write_text(json.dumps(notes, indent=2))

    def moment(self) -> datetime:
        """At which moment the story ended, and the clock of whoever tries it begins."""
        return datetime.fromisoformat(self._read()["moment"])

    def start_over(self) -> None:
        """Removes what an earlier demonstration left."""
        if self._notes.exists():
            shutil.rmtree(self.folder)
        for folder in (self.folder, self.mail, self.reports):
            folder.mkdir(parents=True, exist_ok=True)
        keys = {"secret": secrets.token_hex(32), "link": new_key(), "operator": new_key()}
        self._notes.touch(mode=0o600)
        self._notes.write_text(json.dumps({**keys, "password": secrets.token_urlsafe(9)}, indent=2))

    @property
    def password(self) -> str:
        """The password of the demonstration's member of staff."""
        return str(self._read()["password"])

    def settings(self) -> Settings:
        """Settings for an application on this folder, with keys that were made for it alone."""
        notes = self._read()
        return Settings(
            secret_key=notes["secret"],
            link_keys=Keyring.parse("MANDE_LINK_KEYS", notes["link"]),
            operator_keys=Keyring.parse("MANDE_OPERATOR_KEYS", notes["operator"]),
            database_url=f"sqlite:///{self.folder / 'mande.db'}",
            base_url=f"http://127.0.0.1:{self.port}",
            mail=MailSettings(
                host="127.0.0.1",
                port=self.smtp_port,
                security="none",
                sender="surveys@mande.example",
                sender_name="Wilton Park (demonstration)",
                limits=Limits(usual=0),
            ),
            production=False,
            var=self.folder,
        )

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for the server's own process."""
        settings, notes = self.settings(), self._read()
        return {
            "MANDE_ENVIRONMENT": "development",
            "MANDE_SECRET_KEY": notes["secret"],
            "MANDE_LINK_KEYS": notes["link"],
            "MANDE_OPERATOR_KEYS": notes["operator"],
            "MANDE_DATABASE_URL": settings.database_url,
            "MANDE_BASE_URL": settings.base_url,
            "MANDE_SMTP_HOST": settings.mail.host,
            "MANDE_SMTP_PORT": str(settings.mail.port),
            "MANDE_SMTP_SECURITY": settings.mail.security,
            "MANDE_MAIL_SENDER": settings.mail.sender,
            "MANDE_MAIL_SENDER_NAME": settings.mail.sender_name,
            "MANDE_MAIL_PER_MINUTE": str(settings.mail.limits.usual),
            "MANDE_VAR": str(settings.var),
            "MANDE_CLOCK_AT": self.moment().isoformat(),
        }

    def _read(self) -> dict[str, str]:
        if not self._notes.exists():
            return {}
        notes: dict[str, str] = json.loads(self._notes.read_text())
        return notes
