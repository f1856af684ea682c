import os
from pathlib import Path

import pytest

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


def test_secrets_do_not_appear_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, MANDE_SMTP_PASSWORD="the-password")

    shown = repr(Settings.from_environment())

    assert "the-password" not in shown
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
