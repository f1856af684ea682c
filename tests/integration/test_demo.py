"""The demonstration is the longest test: the whole life of WP1873v, by mail and by the pages alone."""

import json
import socket
from collections import Counter
from email import message_from_bytes
from email import policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine
from sqlalchemy import text

from mande import clock
from mande.cli import mande


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that was lived to its end."""
    folder = tmp_path_factory.mktemp("demo") / "lived"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["demo", "--no-serve", "--folder", str(folder), "--smtp-port", str(port)]
    result = CliRunner().invoke(mande, arguments, catch_exceptions=False)
    clock.move_to(None)
    assert result.exit_code == 0, result.output
    return folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{folder / 'mande.db'}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def test_36_people_are_asked_once_each_and_28_answer(lived: Path) -> None:
    surveys = rows(lived, "SELECT role, invited, answered, state FROM survey JOIN event ON event.id = event_id "
                          "WHERE code = 'WP1873v' ORDER BY role")  # fmt: skip

    assert surveys == [("participant", 22, 17, "closed"), ("partner", 6, 5, "closed"), ("speaker", 8, 6, "closed")]


def test_closing_left_no_box_no_key_and_no_link(lived: Path) -> None:
    assert rows(lived, "SELECT count(*) FROM ballot_box") == [(0,)]
    closed = "survey_id IN (SELECT id FROM survey WHERE state = 'closed')"
    assert rows(lived, f"SELECT count(*) FROM survey_key WHERE {closed}") == [(0,)]
    assert rows(lived, f"SELECT count(*) FROM invitation WHERE {closed} AND nonce IS NOT NULL") == [(0,)]


def test_messages_went_to_their_people_with_one_link_and_nobody_was_reminded_after_answering(lived: Path) -> None:
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (lived / "mail").glob("*.eml")]
    bodies = [message.get_body(("plain",)).get_content() for message in messages]

    links = Counter(body.count("http://") for body in bodies)
    assert len({message["Message-ID"] for message in messages}) == len(messages)
    sent = Counter(dict(rows(lived, "SELECT kind, count(*) FROM message JOIN event ON event.id = event_id "
                                    "WHERE code = 'WP1873v' AND state = 'sent' GROUP BY kind")))  # fmt: skip
    # Thanks hold no link, for after the closing there is none any more; every other message holds one.
    assert links == {1: len(bodies) - sent["thank_you"], 0: sent["thank_you"]}
    assert sent["invitation"] == 36
    assert 30 <= sent["thank_you"] <= 36
    assert 8 <= sent["reminder"] <= 45
    assert sent["check_in"] >= 20
    assert rows(lived, "SELECT count(*) FROM message WHERE state NOT IN ('sent', 'cancelled')") == [(0,)]


def test_both_editions_are_there_as_pdf_and_json_and_the_partners_one_names_no_small_group(lived: Path) -> None:
    reports = lived / "reports"
    partner = json.loads((reports / "WP1873v-partner.json").read_text())

    assert {path.name for path in reports.iterdir()} == {
        "WP1873v-internal.json", "WP1873v-internal.pdf", "WP1873v-partner.json", "WP1873v-partner.pdf"
    }  # fmt: skip
    assert (reports / "WP1873v-partner.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert partner["response"]["answered"] == 28
    groups = [group for question in partner["questions"] for each in question["breakdowns"] for group in each["groups"]]
    assert len(groups) > 10
    assert all(group["n"] >= 5 for group in groups)


def test_what_was_withheld_is_in_no_edition_and_what_was_edited_only_as_released(lived: Path) -> None:
    for path in (lived / "reports").glob("*.json"):
        said = path.read_text()
        assert "five in the morning" not in said
        assert "others could hear me" not in said


def test_living_it_again_to_the_same_day_keeps_what_is_there(lived: Path) -> None:
    before = (lived / "mande.db").stat().st_mtime_ns

    result = CliRunner().invoke(mande, ["demo", "--no-serve", "--folder", str(lived), "--smtp-port", "0"])

    assert result.exit_code == 0
    assert "was told" in result.output
    assert (lived / "mande.db").stat().st_mtime_ns == before
