"""A partner's readers: how they get in, what they see, what is written down, and what nobody gets at."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande import startup
from mande import tokens
from mande.config import SettingsError
from mande.events.models import Event
from mande.events.models import Partner
from mande.followup import operations as followup
from mande.followup.models import PlannedAction
from mande.followup.models import Verified
from mande.keyring import Keyring
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.sending import send_due
from mande.reports.kinds import EditionKind
from mande.reports.models import Reader
from mande.reports.models import ReaderCode
from mande.reports.models import ReaderSession
from mande.reports.models import ReaderVisit
from mande.reports.partners import access
from mande.reports.partners import readers
from mande.staff.models import StaffRole
from mande.web import settings
from tests import builders
from tests.conftest import FreshClient
from tests.integration import published
from tests.integration import respondents
from tests.smtp import StubServer

NORWAY = "Ministry of Foreign Affairs, Norway"
OTHER = "Another Ministry"


@pytest.fixture(autouse=True)
def half_a_year_later() -> Iterator[None]:
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


@pytest.fixture
def staff(mailing_app: Flask) -> FlaskClient:
    """Somebody of the team, who has published what partners read of one event of theirs and of one of others."""
    mailing_app.test_client_class = FreshClient
    client = mailing_app.test_client()
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))
        event, _actions = published.event_with_actions(session)
        theirs = builders.make_event(session, code="THEIRS", title="Of others")
        theirs.partners = [builders.make_partner(session, OTHER)]
        builders.make_event(session, code="UNPUBLISHED", title="Of which nothing is published")
        for one, kind in ((event, EditionKind.PARTNER), (event, EditionKind.INTERNAL), (theirs, EditionKind.PARTNER)):
            published.put(session, one, kind)
    return client


def partner(name: str = NORWAY) -> Partner:
    with db.reading() as session:
        return session.scalars(select(Partner).where(Partner.name == name)).one()


def add(staff: FlaskClient, name: str = "Nora Reader", of: str = NORWAY, **changes: str) -> Reader:
    """Adds a reader as staff do, and returns who it is."""
    typed = {"name": name, "email": f"{name.split()[0].lower()}@Example.org", "language": "en", "months": "12"}
    data = {**typed, **changes, "csrf_token": builders.csrf(staff)}
    answer = staff.post(f"/staff/partners/{partner(of).id}/readers", data=data)
    assert answer.status_code == 303, answer.text
    with db.reading() as session:
        return session.scalars(select(Reader).where(Reader.name == name)).one()


def order(staff: FlaskClient, reader: Reader, what: str, **data: str) -> int:
    address = f"/staff/partners/{reader.partner_id}/readers/{reader.id}/{what}"
    return staff.post(address, data={**data, "csrf_token": builders.csrf(staff)}).status_code


class Visitor:
    """Somebody with a browser of their own and a reader's link."""

    def __init__(self, app: Flask, smtp: StubServer, reader: Reader) -> None:
        self.client, self.smtp = app.test_client(), smtp
        self.door = f"/p/{readers.token_of(reader)}"
        self.csrf = ""

    def code(self) -> str:
        """Asks for a code, and reads it in the message that comes."""
        answer = self.client.post(f"{self.door}/send")
        assert (answer.status_code, answer.location) == (303, self.door)
        assert send_due().failed == 0
        letter = [one for one in self.smtp.accepted if one["X-Mande-Kind"] == "partner_code"][-1]
        words = letter.get_body(("plain",)).get_content()
        found = re.search(r"^\d{8}\r?$", words, re.MULTILINE)
        assert found, words
        return found[0].strip()

    def enter(self, code: str) -> int:
        return self.client.post(f"{self.door}/enter", data={"code": code}).status_code

    def come_in(self) -> str:
        code = self.code()
        assert self.enter(f" {code[:4]} {code[4:]} ") == 303
        page = self.client.get("/p/").text
        self.csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page)[0]
        return page

    def post(self, address: str, csrf: str | None = None, **headers: str) -> int:
        return self.client.post(address, data={"csrf": csrf or self.csrf}, headers=headers).status_code


def test_a_reader_gets_in_by_a_code_and_reads_what_is_published_for_their_partner(
    mailing_app: Flask, smtp: StubServer, staff: FlaskClient
) -> None:
    reader = add(staff)
    send_due()
    letter = smtp.accepted[-1]
    assert letter["To"] == "Nora Reader <nora@example.org>"
    visitor = Visitor(mailing_app, smtp, reader)
    words = letter.get_body(("plain",)).get_content()
    assert visitor.door in words
    assert "until 15 December 2022" in words
    assert not [name for name in ("WP1873v", "The future of") if name in words]

    before = respondents.dump()
    shut = visitor.client.get(visitor.door)
    assert respondents.dump() == before, "looking changes nothing"
    assert "Nora" not in shut.text
    assert NORWAY not in shut.text
    assert (shut.headers["Referrer-Policy"], shut.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "Set-Cookie" not in shut.headers
    page = visitor.come_in()
    cookie = visitor.client.get_cookie("mande_reader", path="/p")
    assert cookie is not None
    assert (cookie.http_only, cookie.path, cookie.same_site, cookie.secure) == (True, "/p", "Lax", False)
    assert [what in page for what in ("The future of", "WP1873v", "edition 1", "Of others", "Of which nothing")] == [
        True, True, True, False, False,
    ]  # fmt: skip

    french = visitor.client.get("/p/?lang=fr").text
    assert 'action="/p/events/WP1873v?lang=fr"' in french
    opened = visitor.client.post("/p/events/WP1873v?lang=fr", data={"csrf": visitor.csrf})
    assert (opened.status_code, opened.location) == (303, "/p/events/WP1873v?lang=fr"), "a chosen language is kept"
    with db.transaction() as session:
        train = PlannedAction.what.startswith("Train my colleagues")
        session.execute(update(PlannedAction).where(train).values(verified=Verified.SUBSTANTIAL))
    event = visitor.client.get("/p/events/WP1873v").text
    shown = ("Train my colleagues", "Owner of Train", "Write paper 1", "Verified: Substantial")
    assert [what in event for what in shown] == [True] * 4
    assert [what in event for what in ("Owner of Write", "Speak to the minister", "Internal")] == [False] * 3
    edition = published.edition(EditionKind.PARTNER)
    csrf = visitor.csrf
    got = [visitor.client.post(f"/p/editions/{edition.id}.{form}", data={"csrf": csrf}) for form in ("pdf", "json")]
    assert [answer.status_code for answer in got] == [200, 200]
    assert got[0].headers["Content-Disposition"] == "attachment; filename=WP1873v-partner-1.pdf"
    assert got[0].data == staff.get(f"/staff/events/WP1873v/editions/{edition.id}.pdf").data

    with db.reading() as session:
        visits = session.scalars(select(ReaderVisit).order_by(ReaderVisit.at)).all()
    assert [visit.what for visit in visits] == ["signed in", "page", "pdf", "json"]
    seen = staff.get(f"/staff/partners/{reader.partner_id}").text
    assert "WP1873v, Partner edition 1 (PDF)" in seen
    assert "the page of WP1873v" in seen
    assert visitor.post("/p/sign-out") == 200
    assert visitor.client.get("/p/").status_code == 403
    assert visitor.client.get_cookie("mande_reader", path="/p") is None


def test_nobody_sees_another_partners_events_nor_anything_once_their_time_has_ended(
    mailing_app: Flask, smtp: StubServer, staff: FlaskClient
) -> None:
    reader = add(staff)
    visitor = Visitor(mailing_app, smtp, reader)
    edition, theirs = published.edition(EditionKind.PARTNER), published.edition(EditionKind.PARTNER, code="THEIRS")
    internal = published.edition(EditionKind.INTERNAL)
    assert visitor.client.get("/p/events/WP1873v").status_code == 403
    assert visitor.post(f"/p/editions/{edition.id}.pdf", "no session") == 403
    visitor.come_in()
    for address in ("/p/events/THEIRS", "/p/events/UNPUBLISHED", "/p/events/NOTHING"):
        assert (visitor.client.get(address).status_code, visitor.post(address)) == (404, 404)
    for one in (theirs.id, internal.id, UUID(int=5)):
        assert [visitor.post(f"/p/editions/{one}.{form}") for form in ("pdf", "json")] == [404, 404]
    assert visitor.client.get("/staff/partners").status_code == 302

    address = f"/p/editions/{edition.id}.pdf"
    assert visitor.post(address, "0" * 64) == 403, "a form without the session's own token"
    assert visitor.post(address, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert visitor.post(address, **{"Sec-Fetch-Site": "same-origin"}) == 200
    other = Visitor(mailing_app, smtp, add(staff, "Olga Other", OTHER))
    other.come_in()
    assert other.post(address, visitor.csrf) == 403, "nor with another's"
    assert other.post(address) == 404
    assert other.post("/p/sign-out", visitor.csrf) == 403

    with db.transaction() as session:
        events = session.scalars(select(Event).where(Event.code == "WP1873v")).one()
        kept, events.partners = list(events.partners), []
    assert visitor.post(address) == 404, "the event is not their partner's any more"
    with db.transaction() as session:
        session.scalars(select(Event).where(Event.code == "WP1873v")).one().partners = [
            session.merge(one) for one in kept
        ]
    assert visitor.post(address) == 200
    clock.move_to(clock.now() + access.SESSION_LASTS)
    assert visitor.client.get("/p/").status_code == 403, "the session has expired"
    visitor.come_in()
    assert order(staff, reader, "revoke") == 303
    assert (visitor.client.get("/p/").status_code, visitor.client.get(visitor.door).status_code) == (403, 404)
    assert visitor.client.post(f"{visitor.door}/send").status_code == 404
    assert order(staff, reader, "renew", months="1") == 303
    assert visitor.client.get(visitor.door).status_code == 404, "a revoked link stays dead"
    with db.reading() as session:
        again = Visitor(mailing_app, smtp, session.get_one(Reader, reader.id))
    assert "WP1873v" in again.come_in()
    clock.move_to(clock.now() + timedelta(days=31))
    assert (again.client.get("/p/").status_code, again.client.get(again.door).status_code) == (403, 404)


def test_codes_are_few_short_lived_and_work_once(mailing_app: Flask, smtp: StubServer, staff: FlaskClient) -> None:
    visitor = Visitor(mailing_app, smtp, add(staff))
    code = visitor.code()
    wrong = "1" * 8 if code != "1" * 8 else "2" * 8
    tries = [visitor.client.post(f"{visitor.door}/enter", data={"code": wrong}) for _ in range(access.ATTEMPTS)]
    assert [answer.status_code for answer in tries] == [422] * access.ATTEMPTS
    assert ["You can try 4 times more." in tries[0].text, "once more" in tries[3].text] == [True, True]
    assert visitor.enter(code) == 422, "after so many wrong ones the right one is worth nothing"
    second = visitor.code()
    assert visitor.enter(code) == 422, "a new code ends the one before"
    assert visitor.enter(second) == 303
    assert visitor.enter(second) == 422, "a code works once"
    third = visitor.code()
    clock.move_to(clock.now() + timedelta(minutes=10))
    assert visitor.enter(third) == 422, "a code lasts ten minutes"
    refused = visitor.client.post(f"{visitor.door}/send")
    assert refused.status_code == 429
    assert "in an hour" in refused.text
    clock.move_to(clock.now() + timedelta(hours=1))
    visitor.come_in()

    for number in range(access.PER_PLACE.amount - 4):
        Visitor(mailing_app, smtp, add(staff, f"Reader{number} Example")).code()
    last = Visitor(mailing_app, smtp, add(staff, "Last Example"))
    assert last.client.post(f"{last.door}/send").status_code == 429, "one place asks for so many and no more"


def test_a_stolen_database_opens_nothing(mailing_app: Flask, smtp: StubServer, staff: FlaskClient) -> None:
    reader = add(staff)
    send_due()
    visitor = Visitor(mailing_app, smtp, reader)
    assert visitor.client.post(f"{visitor.door}/send").status_code == 303
    with db.reading() as session:
        waiting = session.scalars(select(Message).where(Message.kind == MessageKind.PARTNER_CODE)).one()
        code = tokens.code(tokens.derive(settings().link_keys.newest, waiting.link_subject, waiting.link_nonce))
        digest = session.scalars(select(ReaderCode.digest)).one()
    assert digest not in (tokens.digest(code), code.encode())
    asked = str(respondents.dump())
    assert visitor.enter(code) == 303
    send_due()
    secret = visitor.client.get_cookie("mande_reader", path="/p").value
    kept = asked + str(respondents.dump())
    token = readers.token_of(reader)
    assert not [one for one in (token, code, secret) if one in kept]
    with db.reading() as session:
        assert session.scalars(select(ReaderSession.digest)).all() == [tokens.digest(secret)]
        assert session.get_one(Message, waiting.id).link_nonce is None
        with pytest.raises(SettingsError, match="MANDE_LINK_KEYS lacks"):
            startup.refuse_missing_link_keys(session, Keyring("MANDE_LINK_KEYS", (b"x" * 32,)))


def test_staff_add_renew_and_look_after_readers(staff: FlaskClient, smtp: StubServer) -> None:
    place = f"/staff/partners/{partner().id}"
    wrong = {"name": "", "email": "nobody", "language": "xx", "months": "13", "csrf_token": builders.csrf(staff)}
    refused = staff.post(f"{place}/readers", data=wrong)
    assert refused.status_code == 422
    assert [what in refused.text for what in ("Enter a name", "Enter one e-mail", "Choose one", "from 1 to 12")] == [
        True
    ] * 4
    assert 'value="nobody"' in refused.text
    reader = add(staff, language="fr")
    twice = {"name": "N", "email": "NORA@example.org", "language": "en", "months": "1"}
    assert "already" in staff.post(f"{place}/readers", data={**twice, "csrf_token": builders.csrf(staff)}).text
    assert order(staff, reader, "send") == 303
    assert send_due().sent == 2
    assert smtp.accepted[-1]["Content-Language"] == "fr"
    assert "Sent" in staff.get(place).text
    assert "no partner edition yet" in staff.get(place).text

    with db.transaction() as session:
        session.execute(update(Event).where(Event.code == "UNPUBLISHED").values(discreet=True))
    assert order(staff, reader, "renew", months="2") == 303
    send_due()
    neutral = smtp.accepted[-1]
    words = f"{neutral['Subject']} {neutral['From']} {neutral.get_body(('plain',)).get_content()}"
    assert "Secretariat" in words
    assert not [name for name in ("Ministry", "Example House", "Robin", "WP1873v") if name in words]

    listed = staff.get("/staff/partners")
    assert [name in listed.text for name in (NORWAY, OTHER)] == [True, True]
    assert OTHER not in staff.get("/staff/partners?readers=some&sort=-opened").text
    assert NORWAY not in staff.get("/staff/partners?text=another").text
    rows = staff.get("/staff/partners?format=csv&sort=-readers").text.splitlines()
    assert rows[1].startswith('"Ministry of Foreign Affairs, Norway",Norway,2,1,1')
    viewer = staff.application.test_client()
    with db.transaction() as session:
        builders.sign_in(viewer, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))
    assert "Add a reader" not in viewer.get(place).text
    assert order(viewer, reader, "revoke") == 403
    assert order(staff, reader, "renew", months="0") == 303
    assert order(staff, Reader(id=UUID(int=3), partner_id=reader.partner_id), "revoke") == 404


def test_a_replaced_edition_that_holds_what_was_taken_back_is_not_offered_any_more(
    mailing_app: Flask, smtp: StubServer, staff: FlaskClient
) -> None:
    visitor = Visitor(mailing_app, smtp, add(staff))
    visitor.come_in()
    first = published.edition(EditionKind.PARTNER)
    publish(2)
    assert visitor.post(f"/p/editions/{first.id}.pdf") == 200
    with db.transaction() as session:
        action = session.scalars(select(PlannedAction).where(PlannedAction.what == "Train my colleagues")).one()
        followup.withdraw_action(session, action, action.owners[0].link)
    publish(3)
    page = visitor.client.get("/p/events/WP1873v").text
    assert page.count("This edition is not offered any more") == 2
    assert page.count("replaced by a later edition") == 2
    assert visitor.post(f"/p/editions/{first.id}.pdf") == 404
    assert visitor.post(f"/p/editions/{published.edition(EditionKind.PARTNER, 3).id}.pdf") == 200


def publish(number: int) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event).where(Event.code == "WP1873v")).one()
        published.put(session, event, EditionKind.PARTNER, number)
