"""Typed settings, read from the environment once. Nothing else reads the environment."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Literal
from typing import get_args

from environs import Env
from environs import EnvError

from mande.keyring import Keyring
from mande.keyring import KeyringError

ROOT = Path(__file__).resolve().parent.parent

Security = Literal["starttls", "tls", "none"]
LegalBasis = Literal["consent", "public_task", "legitimate_interests"]


class SettingsError(Exception):
    """One or more settings are missing or wrong. The text lists all of them and says what to do."""


@dataclass(frozen=True)
class MailSettings:
    """How messages leave: the SMTP server, and who they come from."""

    host: str = "127.0.0.1"
    port: int = 25
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "mande@localhost"
    sender_name: str = "Mande"
    timeout: float = 20.0


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    `proxies` is how many reverse proxies of ours stand in front: so many entries of X-Forwarded-For are believed.
    `legal_basis` is what respondents are told about why their answers may be processed (GDPR, article 6).
    """

    secret_key: str = field(repr=False)
    link_keys: Keyring
    operator_keys: Keyring
    database_url: str
    base_url: str
    mail: MailSettings = MailSettings()
    production: bool = True
    var: Path = ROOT / "var"
    clock_at: datetime | None = None
    rate_limits: str = "memory://"
    proxies: int = 0
    legal_basis: LegalBasis = "consent"

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
            var=Path(reader.text("MANDE_VAR", str(ROOT / "var"))),
            clock_at=reader.clock_at(production),
            rate_limits=reader.text("MANDE_RATE_LIMITS", "memory://"),
            proxies=reader.number("MANDE_PROXIES", 0),
            legal_basis=reader.legal_basis(),
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
        security = self.text("MANDE_SMTP_SECURITY", "starttls")
        if security not in ("starttls", "tls", "none"):
            self.problems.append(f"MANDE_SMTP_SECURITY is {security!r}; it is starttls, tls or none.")
            security = "starttls"
        return MailSettings(
            host=self.text("MANDE_SMTP_HOST", None if production else "127.0.0.1"),
            port=self.number("MANDE_SMTP_PORT", 587),
            security=security,  # type: ignore[arg-type]
            user=self.text("MANDE_SMTP_USER", ""),
            password=self.text("MANDE_SMTP_PASSWORD", ""),
            sender=self.text("MANDE_MAIL_SENDER", None if production else defaults.sender),
            sender_name=self.text("MANDE_MAIL_SENDER_NAME", defaults.sender_name),
        )

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
