import os
from pathlib import Path

import pytest

from mande import config
from mande import keyring
from mande.config import MailSettings
from mande.config import Settings
from mande.config import SettingsError
from mande.operating import env_text

COMPLETE = {
    "MANDE_ENVIRONMENT": "production",
    "MANDE_SECRET_KEY": "s" * 64,
    "MANDE_LINK_KEYS": "a" * 64,
    "MANDE_OPERATOR_KEYS": "b" * 64,
    "MANDE_BASE_URL": "https://surveys.example.org/",
    "MANDE_SMTP_HOST": "mail.example.org",
    "MANDE_MAIL_SENDER": "surveys@example.org",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MANDE_")]:
        monkeypatch.delenv(name)


def use(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**COMPLETE, **changes}.items():
        monkeypatch.setenv(name, value)


def test_complete_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_SMTP_PORT="2525")

    settings = Settings.from_environment()

    assert settings.production
    assert settings.base_url == "https://surveys.example.org"
    assert settings.mail.port == 2525
    assert settings.mail.security == "starttls"


def test_production_without_settings_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()

    for name in COMPLETE.keys() - {"MANDE_ENVIRONMENT"}:
        assert name in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MANDE_BASE_URL", "http://surveys.example.org", "https://"),
        ("MANDE_SECRET_KEY", "short", "shorter than 32"),
        ("MANDE_LINK_KEYS", "xyz", "hexadecimal"),
        ("MANDE_SMTP_PORT", "many", "not a number"),
        ("MANDE_PROXIES", "one", "not a number"),
        ("MANDE_SMTP_SECURITY", "perhaps", "starttls, tls or none"),
        ("MANDE_LEGAL_BASIS", "curiosity", "consent, public_task, legitimate_interests"),
        ("MANDE_ENVIRONMENT", "staging", "production or development"),
        ("MANDE_CLOCK_AT", "2021-09-10T09:00+00:00", "demonstrations"),
        ("MANDE_BOUNCE_ADDRESS", "bounces+mande@example.org", "without a +"),
        ("MANDE_BOUNCE_ADDRESS", "a-mailbox-of-a-very-long-name@example.org", "at most 24 characters"),
        ("MANDE_MAIL_CARRIER", "pigeon", "smtp or notify"),
        ("MANDE_NOTIFY_URL", "http://notify.example.org", "https://"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    use(monkeypatch, **{name: value})

    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()

    assert name in str(refused.value)
    assert said in str(refused.value)


def test_a_clock_can_be_moved_outside_production_only_with_a_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_ENVIRONMENT="development", MANDE_CLOCK_AT="2021-09-10T09:00")

    with pytest.raises(SettingsError, match="time zone"):
        Settings.from_environment()


def test_another_carrier_needs_its_own_settings_and_no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_MAIL_CARRIER="notify", MANDE_SMTP_HOST="", MANDE_NOTIFY_DISCREET_KEY="k")

    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()

    for name in ("MANDE_NOTIFY_KEY", "MANDE_NOTIFY_TEMPLATE", "MANDE_NOTIFY_DISCREET_TEMPLATE"):
        assert f"{name} is missing" in str(refused.value)
    assert "MANDE_SMTP_HOST" not in str(refused.value)


def test_a_carrier_whose_library_is_not_installed_is_refused_when_mande_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_MAIL_CARRIER="notify", MANDE_NOTIFY_KEY="k", MANDE_NOTIFY_TEMPLATE="t")
    monkeypatch.setattr(config, "find_spec", lambda _name: None)

    with pytest.raises(SettingsError, match=r"mande\[notify\]"):
        Settings.from_environment()


def test_messages_to_people_at_risk_come_from_a_neutral_name_unless_another_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch)
    assert Settings.from_environment().mail.discreet_sender_name == "Secretariat"

    use(monkeypatch, MANDE_MAIL_DISCREET_SENDER_NAME="The office")
    assert Settings.from_environment().mail.discreet_sender_name == "The office"


def test_secrets_do_not_appear_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_SMTP_PASSWORD="the-password", MANDE_NOTIFY_KEY="the-notify-key")

    shown = repr(Settings.from_environment())

    assert "the-password" not in shown
    assert "the-notify-key" not in shown
    assert COMPLETE["MANDE_SECRET_KEY"] not in shown


def test_the_settings_file_that_init_writes_is_read_from_the_working_directory(tmp_path: Path) -> None:
    mail = MailSettings(host="mail.example.org", port=587, sender="surveys@example.org")
    text = env_text("https://surveys.example.org", f"sqlite:///{tmp_path}/mande.db", mail, production=True)
    (tmp_path / ".env").write_text(text)

    settings = Settings.from_environment()

    assert settings.base_url == "https://surveys.example.org"
    assert settings.link_keys.newest != settings.operator_keys.newest
    assert len(settings.operator_keys.newest) == keyring.KEY_BYTES


def test_a_variable_that_is_set_wins_over_the_settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use(monkeypatch)
    (tmp_path / ".env").write_text("MANDE_SMTP_HOST=other.example.org")

    assert Settings.from_environment().mail.host == "mail.example.org"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("imaps://bounces@mail.example.org", ("imap", "mail.example.org", 993, "tls", "bounces", "INBOX")),
        ("imap://b%40example.org@mail.example.org:1143/In/Back%20again",
         ("imap", "mail.example.org", 1143, "starttls", "b@example.org", "In/Back again")),
        ("pop3s://b@example.org@mail.example.org", ("pop", "mail.example.org", 995, "tls", "b@example.org", "INBOX")),
        ("pop3://b@mail.example.org?security=none", ("pop", "mail.example.org", 110, "none", "b", "INBOX")),
    ],
)  # fmt: skip
def test_the_mailbox_of_what_comes_back_is_read(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: tuple[object, ...]
) -> None:
    use(monkeypatch, MANDE_INBOX_URL=address, MANDE_INBOX_PASSWORD="secret word")

    inbox = Settings.from_environment().inbox

    assert (inbox.protocol, inbox.host, inbox.port, inbox.security, inbox.user, inbox.folder) == expected
    assert inbox.password == "secret word"
    assert "secret word" not in repr(inbox)


def test_the_password_may_stand_in_the_address_of_the_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_INBOX_URL="imaps://b:p%40ss%2Fword@mail.example.org/")

    assert Settings.from_environment().inbox.password == "p@ss/word"


@pytest.mark.parametrize(
    "address", ["mail.example.org", "https://u@mail.example.org", "imaps://mail.example.org", "imaps://u@h:port/"]
)
def test_a_mailbox_that_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    use(monkeypatch, MANDE_INBOX_URL=address, MANDE_INBOX_TOKEN="short")

    with pytest.raises(SettingsError, match="MANDE_INBOX_URL cannot be read") as refused:
        Settings.from_environment()
    assert "MANDE_INBOX_TOKEN is shorter" in str(refused.value)


def test_how_large_a_file_may_be_is_a_setting_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_EVIDENCE_LIMIT_MB="25")
    assert Settings.from_environment().evidence_limit_mb == 25
    use(monkeypatch, MANDE_EVIDENCE_LIMIT_MB="0")
    with pytest.raises(SettingsError, match="MANDE_EVIDENCE_LIMIT_MB is 0"):
        Settings.from_environment()
