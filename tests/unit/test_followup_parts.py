"""Evidence, what is overdue, what was said last, and logs: what needs neither pages nor a database."""

import json
import logging
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande import logs
from mande.events.models import Person
from mande.followup import evidence
from mande.followup.figures import is_overdue
from mande.followup.figures import last_said
from mande.followup.models import ActionOwner
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility

TOKEN = "4mkkxthl7xfsp3y4kupdcmpm54"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("https://example.org/a", ["https://example.org/a"]),
        ("See (https://example.org/a), and HTTP://Example.org.", ["https://example.org/a", "HTTP://Example.org"]),
        ("“https://example.org/a?b=1&c=2#d”", ["https://example.org/a?b=1&c=2#d"]),
        ("javascript:alert(1) data:text/html,x ftp://example.org file:///etc/passwd", []),
        ("https://ministry.example@evil.example/login", []),
        ("https://", []),
        ("http://[::1", []),
        ("no address at all", []),
        ("", []),
        ("http://a.example/<script>", ["http://a.example/"]),
    ],
)
def test_only_web_addresses_become_links(text: str, addresses: list[str]) -> None:
    assert [part.address for part in evidence.parts(text) if part.address] == addresses


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["https://a.example/x", "javascript:x", "http://", ".", ")", " ", "\n", "é", "<b>"])))
def test_nothing_of_the_text_is_lost_and_every_link_is_http(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts = evidence.parts(text)
    assert "".join(part.text for part in parts) == text
    assert all(part.address.startswith(("http://", "https://")) for part in parts if part.address)
    assert all(part.text == part.address for part in parts if part.address)


def action(name: str, status: Status = Status.NOT_STARTED, by_when: date | None = None) -> PlannedAction:
    person = Person(name=name, email=f"{name}@example.org", organisation=None)
    return PlannedAction(
        what=f"Action of {name}",
        status=status,
        by_when=by_when,
        with_whom="",
        help_needed="",
        created_on=date(2021, 6, 10),
        owners=[ActionOwner(link=FollowupLink(person=person), consent=True, visibility=Visibility.TEAM)],
        updates=[],
    )


@pytest.mark.parametrize(
    ("status", "by_when", "late"),
    [
        (Status.NOT_STARTED, date(2021, 6, 9), True),
        (Status.NOT_STARTED, date(2021, 6, 10), False),
        (Status.NOT_STARTED, None, False),
        (Status.DONE, date(2021, 6, 9), False),
        (Status.NO_LONGER_PLANNED, date(2021, 6, 9), False),
    ],
)
def test_an_action_is_overdue_from_the_day_after_its_date_until_it_ends(status, by_when, late) -> None:
    assert is_overdue(action("ada", status, by_when), date(2021, 6, 10)) is late


def test_a_later_report_takes_back_no_earlier_word() -> None:
    first = Update(what_changed="We met", contribution=Contribution.MUCH, evidence="")
    second = Update(what_changed="", contribution=None, evidence="https://example.org")
    said = last_said([first, second])
    assert (said.what_changed, said.contribution, said.evidence) == ("We met", Contribution.MUCH, "https://example.org")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"Exception on /a/{TOKEN}/report [POST]", "Exception on /a/[redacted]/report [POST]"),
        (f"GET /r/{TOKEN}?lang=fr", "GET /r/[redacted]?lang=fr"),
        (f"'/r/{TOKEN.upper()}'", "'/r/[redacted]'"),
        ("/a/4mkk%20xthl/report", "/a/[redacted]/report"),
        (f"token={TOKEN}", "token=[redacted]"),
        ("a job that is done", "a job that is done"),
    ],
)
def test_no_personal_link_survives_in_a_log(line: str, shown: str) -> None:
    assert logs.redact(line) == shown


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.usefixtures("logging_put_back")
def test_neither_our_records_nor_others_nor_tracebacks_carry_a_link(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    logs.set_up(json=as_json)
    structlog.stdlib.get_logger("mande.test").info("a visit", path=f"/a/{TOKEN}", number=3)
    try:
        raise ValueError(f"bad link /r/{TOKEN}/section/1")
    except ValueError:
        logging.getLogger("flask.app").exception("Exception on /r/%s [GET]", TOKEN)
    text = capsys.readouterr().err
    assert TOKEN not in text
    assert text.count("[redacted]") >= 3
    assert "ValueError" in text
    if as_json:
        first, second = (json.loads(line) for line in text.splitlines())
        assert (first["event"], first["number"], first["path"]) == ("a visit", 3, "/a/[redacted]")
        assert second["level"] == "error"
        assert datetime.fromisoformat(first["timestamp"]).tzinfo == UTC
