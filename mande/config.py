"""Typed settings, read from the environment once. Nothing else reads the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from typing import get_args
from urllib.parse import parse_qs
from urllib.parse import unquote
from urllib.parse import urlsplit

from environs import Env
from environs import EnvError

from mande.keyring import Keyring
from mande.keyring import KeyringError
from mande.pacing import Limits
from mande.pacing import LimitsError
from mande.pacing import parse as parse_limits

ROOT = Path(__file__).resolve().parent.parent

Security = Literal["starttls", "tls", "none"]
CarrierName = Literal["smtp", "notify"]
LegalBasis = Literal["consent", "public_task", "legitimate_interests"]


# Each message gets an address of its own by what is put after a "+" in the bounce address.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,24}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


_INBOXES: Mapping[str, tuple[Literal["imap", "pop"], Security, int]] = {
    "imaps": ("imap", "tls", 993),
    "imap": ("imap", "starttls", 143),
    "pop3s": ("pop", "tls", 995),
    "pop3": ("pop", "starttls", 110),
}


class SettingsError(Exception):
    """One or more settings are missing or wrong. The text lists all of them and says what to do."""


@dataclass(frozen=True)
class NotifyService:
    """A service registered with GOV.UK Notify: its API key, and the ids of its template and of its reply-to address."""

    key: str = field(default="", repr=False)
    template: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class NotifySettings:
    """GOV.UK Notify as the carrier. `discreet` is the service with a neutral name, where there is one."""

    usual: NotifyService = NotifyService()
    discreet: NotifyService = NotifyService()
    url: str = "https://api.notifications.service.gov.uk"


@dataclass(frozen=True)
class MailSettings:
    """How messages leave: by SMTP or another carrier, and who they come from.

    `discreet_sender_name` is what messages to people who must not be exposed come from. `bounce_address` is the
    mailbox for what comes back, of which each message gets an address of its own; "" where there is none. `limits` say
    how many messages a minute each receiving domain is offered.
    """

    host: str = "127.0.0.1"
    port: int = 25
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "mande@localhost"
    sender_name: str = "Mande"
    timeout: float = 20.0
    discreet_sender_name: str = "Secretariat"
    bounce_address: str = ""
    carrier: CarrierName = "smtp"
    notify: NotifySettings = NotifySettings()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class InboxSettings:
    """Where what comes back is fetched from, and who may hand it over by HTTP. Empty parts: not in use.

    `move_to` is the folder into which IMAP puts what was worked on; "" leaves it where it is, marked as read. `token`
    is what a mail server shows at /mail/incoming.
    """

    protocol: Literal["", "imap", "pop"] = ""
    host: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    move_to: str = ""
    token: str = field(default="", repr=False)
    timeout: float = 30.0


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    `proxies` is how many reverse proxies of ours stand in front: so many entries of X-Forwarded-For are believed.
    `legal_basis` is what respondents are told about why their answers may be processed (GDPR, article 6).
    `metrics_token` opens /metrics to whoever sends it; where it is empty, there is no such page. `evidence_limit_mb` is
    how large a file may be (in MiB) that shows what came of an action.
    """

    secret_key: str = field(repr=False)
    link_keys: Keyring
    operator_keys: Keyring
    database_url: str
    base_url: str
    mail: MailSettings = MailSettings()
    inbox: InboxSettings = InboxSettings()
    production: bool = True
    var: Path = ROOT / "var"
    clock_at: datetime | None = None
    rate_limits: str = "memory://"
    proxies: int = 0
    legal_basis: LegalBasis = "consent"
    metrics_token: str = field(default="", repr=False)
    evidence_limit_mb: int = 10

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads MANDE_* variables, and the file .env in the working directory for those that are not set.

        Raises SettingsError that names every one that is missing or wrong.
        """
        env = Env()
        env.read_env(Path.cwd() / ".env", recurse=False)
        reader = _Reader(env)
        settings = cls(
            production=(production := reader.environment() == "production"),
            secret_key=reader.secret("MANDE_SECRET_KEY"),
            link_keys=reader.keyring("MANDE_LINK_KEYS"),
            operator_keys=reader.keyring("MANDE_OPERATOR_KEYS"),
            database_url=reader.text("MANDE_DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'mande.db'}"),
            base_url=reader.base_url(production),
            mail=reader.mail(production),
            inbox=reader.inbox(),
            var=Path(reader.text("MANDE_VAR", str(ROOT / "var"))),
            clock_at=reader.clock_at(production),
            rate_limits=reader.text("MANDE_RATE_LIMITS", "memory://"),
            proxies=reader.number("MANDE_PROXIES", 0),
            legal_basis=reader.legal_basis(),
            metrics_token=reader.metrics_token(),
            evidence_limit_mb=reader.evidence_limit_mb(),
        )
        reader.refuse_if_wrong()
        return settings


class _Reader:
    """Reads one variable at a time and remembers what was wrong, so that all of it can be said at once."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.problems: list[str] = []

    def refuse_if_wrong(self) -> None:
        if self.problems:
            listed = "\n".join(f"  - {problem}" for problem in self.problems)
            raise SettingsError(f"Mande cannot start with these settings:\n{listed}")

    def text(self, name: str, default: str | None = None) -> str:
        value = str(self.env.str(name, default or "")).strip()
        if not value and default is None:
            self.problems.append(f"{name} is missing.")
        return value

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.env.int(name, default))
        except EnvError:
            self.problems.append(f"{name} is not a number.")
            return default

    def environment(self) -> str:
        value = self.text("MANDE_ENVIRONMENT", "production")
        if value not in ("production", "development"):
            self.problems.append(f"MANDE_ENVIRONMENT is {value!r}; it is either production or development.")
        return value

    def secret(self, name: str) -> str:
        value = self.text(name, "")
        if len(value) < 32:
            self.problems.append(f"{name} is missing or shorter than 32 characters. Make one with `mande keys new`.")
        return value

    def keyring(self, name: str) -> Keyring:
        try:
            return Keyring.parse(name, self.text(name, ""))
        except KeyringError as problem:
            self.problems.append(str(problem))
            return Keyring(name, ())

    def base_url(self, production: bool) -> str:
        value = self.text("MANDE_BASE_URL", None if production else "http://127.0.0.1:8000").rstrip("/")
        if production and value and not value.startswith("https://"):
            self.problems.append("MANDE_BASE_URL must begin with https:// in production: links carry a person's key.")
        return value

    def mail(self, production: bool) -> MailSettings:
        defaults = MailSettings()
        carrier = self.carrier()
        by_smtp = production and carrier == "smtp"
        security = self.text("MANDE_SMTP_SECURITY", "starttls")
        if security not in ("starttls", "tls", "none"):
            self.problems.append(f"MANDE_SMTP_SECURITY is {security!r}; it is starttls, tls or none.")
            security = "starttls"
        return MailSettings(
            host=self.text("MANDE_SMTP_HOST", None if by_smtp else defaults.host),
            port=self.number("MANDE_SMTP_PORT", 587),
            security=security,  # type: ignore[arg-type]
            user=self.text("MANDE_SMTP_USER", ""),
            password=self.text("MANDE_SMTP_PASSWORD", ""),
            sender=self.text("MANDE_MAIL_SENDER", None if production else defaults.sender),
            sender_name=self.text("MANDE_MAIL_SENDER_NAME", defaults.sender_name),
            discreet_sender_name=self.text("MANDE_MAIL_DISCREET_SENDER_NAME", defaults.discreet_sender_name),
            bounce_address=self.bounce_address(),
            carrier=carrier,
            notify=self.notify(carrier, production),
            limits=self.limits(),
        )

    def limits(self) -> Limits:
        try:
            return parse_limits(self.text("MANDE_MAIL_PER_MINUTE", ""))
        except LimitsError as error:
            self.problems.append(f"MANDE_MAIL_PER_MINUTE cannot be used: {error}.")
            return Limits()

    def bounce_address(self) -> str:
        value = self.text("MANDE_BOUNCE_ADDRESS", "")
        if value and not _PLAIN_ADDRESS.fullmatch(value):
            self.problems.append(
                f"MANDE_BOUNCE_ADDRESS is {value!r}; write one address in ASCII without a +, of at most 24 characters "
                "before the @."
            )
        return value

    def carrier(self) -> CarrierName:
        value = self.text("MANDE_MAIL_CARRIER", "smtp")
        if value not in get_args(CarrierName):
            self.problems.append(f"MANDE_MAIL_CARRIER is {value!r}; it is smtp or notify.")
        if value == "notify" and find_spec("notifications_python_client") is None:
            self.problems.append("MANDE_MAIL_CARRIER is notify, which needs one more library: mande[notify].")
        return value  # type: ignore[return-value]

    def notify(self, carrier: str, production: bool) -> NotifySettings:
        needed = None if carrier == "notify" else ""
        url = self.text("MANDE_NOTIFY_URL", NotifySettings.url).rstrip("/")
        if production and not url.startswith("https://"):
            self.problems.append("MANDE_NOTIFY_URL must begin with https:// in production: messages carry links.")
        return NotifySettings(
            usual=NotifyService(
                key=self.text("MANDE_NOTIFY_KEY", needed),
                template=self.text("MANDE_NOTIFY_TEMPLATE", needed),
                reply_to=self.text("MANDE_NOTIFY_REPLY_TO", ""),
            ),
            discreet=NotifyService(
                key=(discreet := self.text("MANDE_NOTIFY_DISCREET_KEY", "")),
                template=self.text("MANDE_NOTIFY_DISCREET_TEMPLATE", None if discreet else ""),
                reply_to=self.text("MANDE_NOTIFY_DISCREET_REPLY_TO", ""),
            ),
            url=url,
        )

    def inbox(self) -> InboxSettings:
        """MANDE_INBOX_URL, as imaps://user@host/INBOX: imap and pop3 begin with STARTTLS, imaps and pop3s with TLS."""
        token = self.text("MANDE_INBOX_TOKEN", "")
        if token and len(token) < 24:
            self.problems.append("MANDE_INBOX_TOKEN is shorter than 24 characters. Make one with `mande keys new`.")
        password = self.text("MANDE_INBOX_PASSWORD", "")
        address = self.text("MANDE_INBOX_URL", "")
        if not address:
            return InboxSettings(token=token)
        try:
            parts = urlsplit(address)
            protocol, security, port = _INBOXES[parts.scheme]
            host, port = parts.hostname or "", parts.port or port
        except (KeyError, ValueError):
            host = ""
        if not host or not parts.username:
            self.problems.append(
                "MANDE_INBOX_URL cannot be read; write it as imaps://user@host/INBOX or pop3s://user@host, and the "
                "password into MANDE_INBOX_PASSWORD."
            )
            return InboxSettings(token=token)
        if parse_qs(parts.query).get("security") == ["none"]:
            security = "none"
        return InboxSettings(
            protocol=protocol,
            host=host,
            port=port,
            security=security,
            user=unquote(parts.username),
            password=password or unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            move_to=self.text("MANDE_INBOX_MOVE_TO", ""),
            token=token,
        )

    def metrics_token(self) -> str:
        value = self.text("MANDE_METRICS_TOKEN", "")
        if value and len(value) < 32:
            self.problems.append("MANDE_METRICS_TOKEN is shorter than 32 characters. Make one with `mande keys new`.")
        return value

    def evidence_limit_mb(self) -> int:
        value = self.number("MANDE_EVIDENCE_LIMIT_MB", 10)
        if not 1 <= value <= 100:
            self.problems.append(f"MANDE_EVIDENCE_LIMIT_MB is {value}; it is a number of megabytes from 1 to 100.")
        return value

    def legal_basis(self) -> LegalBasis:
        value = self.text("MANDE_LEGAL_BASIS", "consent")
        if value not in get_args(LegalBasis):
            self.problems.append(f"MANDE_LEGAL_BASIS is {value!r}; it is one of {', '.join(get_args(LegalBasis))}.")
        return value  # type: ignore[return-value]

    def clock_at(self, production: bool) -> datetime | None:
        value = self.text("MANDE_CLOCK_AT", "")
        if not value:
            return None
        if production:
            self.problems.append("MANDE_CLOCK_AT moves the clock and is for demonstrations only.")
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.problems.append(f"MANDE_CLOCK_AT is {value!r}; write it as 2021-09-10T09:00+00:00.")
            return None
        if moment.tzinfo is None:
            self.problems.append("MANDE_CLOCK_AT needs a time zone, as in 2021-09-10T09:00+00:00.")
        return moment
