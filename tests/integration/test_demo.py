"""The demonstration is the longest test: the whole life of WP1873v, by mail and by the pages alone."""

import csv
import json
import socket
from collections import Counter
from collections import defaultdict
from datetime import date
from datetime import timedelta
from email import message_from_bytes
from email import policy
from itertools import pairwise
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
    # The one that came back went out again as what it was, to the address that staff had corrected.
    assert len({message["Message-ID"] for message in messages}) == len(messages) - 1
    sent = Counter(dict(rows(lived, "SELECT kind, count(*) FROM message JOIN event ON event.id = event_id "
                                    "WHERE code = 'WP1873v' AND state = 'sent' GROUP BY kind")))  # fmt: skip
    ((codes,),) = rows(lived, "SELECT count(*) FROM message WHERE kind = 'partner_code' AND state = 'sent'")
    # Thanks hold no link, for after the closing there is none any more; nor do codes. Every other message holds one.
    without = sent["thank_you"] + codes
    assert links == {1: len(bodies) - without, 0: without}
    assert codes == 8
    assert sent["invitation"] == 36
    assert 30 <= sent["thank_you"] <= 36
    assert 8 <= sent["reminder"] <= 45
    assert sent["check_in"] >= 20
    assert rows(lived, "SELECT count(*) FROM message WHERE state NOT IN ('sent', 'cancelled')") == [(0,)]


def test_the_year_after_is_told_message_by_message_and_nobody_is_asked_who_must_not_be(lived: Path) -> None:
    with (lived / "WP1873v-messages.csv").open(encoding="utf-8-sig", newline="") as file:
        sent = list(csv.DictReader(file))
    asked: dict[str, list[date]] = defaultdict(list)
    for message in sent:
        if message["what"] == "check in":
            asked[message["to"]].append(date.fromisoformat(message["when"][:10]))
    whys = {message["why"] for message in sent if message["what"] == "check in"}
    assert {"1 month after the event", "12 months after the event", "before 5 November 2021"} <= whys
    assert all(after - before >= timedelta(14) for days in asked.values() for before, after in pairwise(days))
    # Who took an action over is asked, though they did not attend; who gave it away and has no other is not.
    (colleague,) = {one["to"] for one in sent} & {"ines.falk@ministry.example"}
    assert len(asked[colleague]) >= 4
    stopped = {address for (address,) in rows(lived, "SELECT email FROM person JOIN followup_link ON person_id = "
                                                     "person.id WHERE stopped")}  # fmt: skip
    assert len(stopped) == 1
    assert all(one["when"] < "2021-09-13" for one in sent if one["to"] in stopped)
    thanked = [one["to"] for one in sent if one["what"] == "followup thanks"]
    assert len(thanked) == len(set(thanked)) > 5
    published = rows(lived, "SELECT kind, number FROM edition ORDER BY kind, number")
    assert published == [
        ("partner", 1), ("partner", 2), ("public", 1), ("respondents", 1), ("respondents", 1), ("summary", 1)
    ]  # fmt: skip
    assert [one["when"][:10] for one in sent if one["what"] == "team notice"] == ["2021-11-20"]


def test_who_took_part_and_who_reads_for_partners_are_told_of_what_is_for_them(lived: Path) -> None:
    told = rows(lived, "SELECT kind, language, count(*) FROM message WHERE kind IN ('feedback', 'edition') "
                       "AND state = 'sent' GROUP BY kind, language ORDER BY kind, language")  # fmt: skip
    opened = rows(lived, "SELECT DISTINCT email, what FROM reader_visit JOIN reader ON reader.id = reader_id "
                         "WHERE what IN ('web', 'pdf') ORDER BY email, what")  # fmt: skip

    # Two readers hear of the partner edition, of the summary and of the second partner edition.
    assert [one for one in told if one[0] == "edition"] == [("edition", "en", 3), ("edition", "fr", 3)]
    assert sum(count for kind, _language, count in told if kind == "feedback") == 36
    assert {language for kind, language, _count in told if kind == "feedback"} >= {"en", "fr"}
    assert [what for _email, what in opened] == ["pdf", "web", "pdf", "web"]


def test_reports_of_every_kind_are_there_and_the_partners_one_names_no_small_group(lived: Path) -> None:
    reports = lived / "reports"
    partner = json.loads((reports / "WP1873v-partner.json").read_text())
    named = ["internal", "partner", "partner-ar", "partner-fr", "public", "respondents", "summary"]

    assert {path.name for path in reports.iterdir()} == {
        *(f"WP1873v-{name}.{form}" for name in named for form in ("pdf", "json", "csv", "xlsx")),
        "annual-report-2021.pdf", "annual-report-2021.xlsx",
    }  # fmt: skip
    assert all(path.read_bytes().startswith(b"%PDF-1.7") for path in reports.glob("*.pdf"))
    assert partner["published"]["number"] == 2
    assert [(one["edition"], one["number"]) for one in partner["history"]["previous"]] == [
        ("respondents", 1), ("respondents", 1), ("partner", 1), ("summary", 1)
    ]  # fmt: skip
    assert partner["look"]["accent"] == "#2f4a7d"
    assert partner["look"]["logo"]
    assert partner["comparison"]
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
