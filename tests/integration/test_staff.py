"""Who may enter the staff pages, and what they may do there; on both databases."""

import time
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select
from werkzeug.routing import AnyConverter
from werkzeug.routing import Rule
from werkzeug.routing import UUIDConverter
from werkzeug.security import check_password_hash
from werkzeug.test import TestResponse

from mande import db
from mande.staff import access
from mande.staff import accounts
from mande.staff import audit
from mande.staff import commands
from mande.staff import passwords
from mande.staff import throttle
from mande.staff.models import AuditEntry
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole
from tests.builders import PASSWORD
from tests.builders import csrf
from tests.builders import make_event
from tests.builders import make_staff
from tests.builders import sign_in

NEW_PASSWORD = "four words in a row"


@pytest.fixture
def member(app: Flask) -> StaffMember:
    with db.transaction() as session:
        return make_staff(session)


def try_sign_in(client: FlaskClient, email: str = "manager@example.org", password: str = PASSWORD,
                wanted: str = "") -> TestResponse:  # fmt: skip
    token = csrf(client)
    data = {"email": email, "password": password, "next": wanted, "csrf_token": token}
    return client.post("/staff/sign-in", data=data)


def stored(email: str = "manager@example.org") -> StaffMember:
    with db.reading() as session:
        found = accounts.find(session, email)
    assert found is not None
    return found


def cookie(response: TestResponse) -> str:
    return "; ".join(response.headers.getlist("Set-Cookie"))


def staff_rules(app: Flask, method: str) -> list[tuple[Rule, str]]:
    """Every rule under /staff that takes the method, but for signing in, with an address that fits it."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff") and method in (rule.methods or ()) and rule.endpoint != "staff.sign_in":
            found.append((rule, adapter.build(rule.endpoint, fitting(rule), method=method)))
    return found


def fitting(rule: Rule, code: str = "1") -> dict[str, str | UUID]:
    """Values that the rule's converters take."""
    values: dict[str, str | UUID] = {name: code if name == "code" else "1" for name in rule.arguments}
    for name, converter in rule._converters.items():
        if isinstance(converter, UUIDConverter):
            values[name] = UUID(int=1)
        elif isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
    return values


def test_every_staff_page_but_the_sign_in_sends_strangers_to_sign_in(app: Flask, client: FlaskClient) -> None:
    pages = staff_rules(app, "GET")

    assert len(pages) > 5
    for rule, address in pages:
        response = client.get(address)
        assert response.status_code == 302, rule
        assert urlsplit(response.location).path == "/staff/sign-in", rule
        assert parse_qs(urlsplit(response.location).query)["next"] == [address], rule


def test_every_staff_button_sends_strangers_to_sign_in_and_does_nothing(app: Flask, client: FlaskClient) -> None:
    buttons = staff_rules(app, "POST")
    token = csrf(client)

    assert len(buttons) > 3
    for rule, address in buttons:
        for data in ({}, {"csrf_token": token}):
            response = client.post(address, data=data)
            assert response.status_code == 302, rule
            assert urlsplit(response.location).path == "/staff/sign-in", rule


def test_every_staff_button_needs_a_token_even_from_those_who_are_signed_in(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        sign_in(client, make_staff(session, role=StaffRole.ADMINISTRATOR))
    for rule, address in [*staff_rules(app, "POST"), (None, "/staff/sign-in")]:
        response = client.post(address)
        assert response.status_code == 400, rule
        assert "Nothing was changed" in response.text, rule
    assert client.get("/staff/account").status_code == 200


def test_no_staff_page_changes_anything(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=6, speakers=5, partners=5)
        sign_in(client, make_staff(session, role=StaffRole.ADMINISTRATOR))
    written: list[str] = []

    def watch(*args: object) -> None:
        statement = str(args[2]).lstrip().upper()
        if not statement.startswith(("SELECT", "WITH", "SET TRANSACTION", "SET LOCAL", "SHOW", "BEGIN", "PRAGMA")):
            written.append(statement)

    sqlalchemy_event.listen(db.database().engine, "before_cursor_execute", watch)
    shown = 0
    for rule, _address in staff_rules(app, "GET"):
        address = app.url_map.bind("localhost").build(rule.endpoint, fitting(rule, event.code))
        for query in ("", "?format=csv"):
            shown += client.get(address + query).status_code == 200
    assert shown > 5
    assert [statement for statement in written if not statement.startswith("BEGIN")] == []


def test_signing_in_leads_to_the_page_that_was_asked_for(client: FlaskClient, member: StaffMember) -> None:
    page = client.get("/staff/sign-in?next=/staff/account?a%3Db")
    response = try_sign_in(client, " Manager@Example.org ", wanted="/staff/account?a=b")

    assert 'value="/staff/account?a=b"' in page.text
    assert response.location == "/staff/account?a=b"
    assert "Sam Staff" in client.get(response.location).text
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.actor, entry.action) == ("manager@example.org", "signed in")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "\\\\evil.example", "/r/token",
     "staff/", "javascript:alert(1)", "/staff/\r\nSet-Cookie: a=b", "http:///staff/", "/staff/../r/token",
     "/staff/%2E%2e/r/token", "///evil.example/staff/", "/\t/evil.example/staff/"],
)  # fmt: skip
def test_signing_in_never_leads_away_from_the_staff_pages(app: Flask, wanted: str) -> None:
    with app.test_request_context("/staff/sign-in"):
        assert access.safe_next(wanted) == "/staff/"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client: FlaskClient, member: StaffMember) -> None:
    wrong = try_sign_in(client, password="not the password")
    unknown = try_sign_in(client, email="nobody@example.org")

    for response in (wrong, unknown):
        assert response.status_code == 422
        assert "The address or the password is not right." in response.text
        assert "<title>Error:" in response.text
        assert client.get("/staff/account").status_code == 302
    assert PASSWORD not in unknown.text


def test_an_unknown_address_costs_the_same_work_as_a_known_one(app: Flask) -> None:
    with db.transaction() as session:
        accounts.add(session, "known@example.org", "Known", StaffRole.VIEWER, NEW_PASSWORD)
    passwords.matches(None, "warm up")

    def fastest(address: str) -> float:
        times = []
        for _ in range(3):
            began = time.process_time()
            with db.reading() as session:
                assert accounts.authenticate(session, address, "wrong") is None
            times.append(time.process_time() - began)
        return min(times)

    known, unknown = fastest("known@example.org"), fastest("unknown@example.org")
    assert unknown > known / 3


def test_empty_fields_are_named(client: FlaskClient) -> None:
    response = client.post("/staff/sign-in", data={"csrf_token": csrf(client)})

    assert response.status_code == 422
    assert '<a href="#email">Enter your e-mail address.</a>' in response.text
    assert '<a href="#password">Enter your password.</a>' in response.text


def test_nothing_of_the_session_before_survives_signing_in(client: FlaskClient, member: StaffMember) -> None:
    with client.session_transaction(path="/staff/") as kept:
        kept["planted"] = "by somebody else"
    before = csrf(client)
    response = try_sign_in(client)

    assert response.status_code == 302
    with client.session_transaction(path="/staff/") as kept:
        assert "planted" not in kept
        assert "csrf_token" not in kept
    assert client.post("/staff/sign-out", data={"csrf_token": before}).status_code == 400


def test_the_cookie_is_for_the_staff_pages_only(client: FlaskClient, member: StaffMember) -> None:
    sent = cookie(try_sign_in(client))

    for part in ("HttpOnly", "Path=/staff", "SameSite=Lax"):
        assert part in sent
    assert "Expires" not in sent
    assert "Max-Age" not in sent


def test_signing_out_ends_even_a_copied_session(client: FlaskClient, app: Flask, member: StaffMember) -> None:
    try_sign_in(client)
    thief = app.test_client()
    copied = client.get_cookie("session", path="/staff")
    assert copied is not None
    thief.set_cookie("session", copied.value, path="/staff")
    assert thief.get("/staff/account").status_code == 200

    assert client.post("/staff/sign-out", data={"csrf_token": csrf(client)}).status_code == 302

    assert client.get("/staff/account").status_code == 302
    assert thief.get("/staff/account").status_code == 302


def test_signing_out_is_no_link(client: FlaskClient, member: StaffMember) -> None:
    try_sign_in(client)

    assert client.get("/staff/sign-out").status_code == 405
    assert client.get("/staff/account").status_code == 200


def test_twelve_hours_without_use_end_the_session_and_use_prolongs_it(client: FlaskClient, member: StaffMember) -> None:
    with time_machine.travel("2021-06-07T08:00:00Z", tick=False) as clock:
        try_sign_in(client)
        for _ in range(2):
            clock.shift(11 * 3600)
            assert client.get("/staff/account").status_code == 200
        clock.shift(12 * 3600 + 1)
        assert client.get("/staff/account").status_code == 302


def test_a_session_that_ended_is_told_kindly_and_nothing_is_done(client: FlaskClient, member: StaffMember) -> None:
    response = client.post("/staff/account", data={"present": PASSWORD}, follow_redirects=True)

    assert "You had been signed out. Nothing was changed" in response.text


def test_tries_are_limited_for_an_address_wherever_they_come_from(client: FlaskClient, member: StaffMember) -> None:
    for number in range(throttle.PER_ADDRESS.amount):
        assert try_sign_in(client, password=f"guess {number}").status_code == 422
    blocked = try_sign_in(client)
    elsewhere = client.post(
        "/staff/sign-in",
        data={"email": member.email, "password": PASSWORD, "csrf_token": csrf(client)},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert blocked.status_code == elsewhere.status_code == 429
    assert "Too many tries. Wait" in blocked.text
    assert client.get("/staff/account").status_code == 302


def test_tries_are_limited_for_a_place_whatever_the_address(client: FlaskClient, member: StaffMember) -> None:
    limiter = client.application.extensions["mande.limiter"]
    for number in range(throttle.PER_PLACE.amount - 1):
        assert limiter.hit(throttle.PER_PLACE, "sign-in place", "127.0.0.1"), number

    assert try_sign_in(client, email="guess@example.org").status_code == 422
    assert try_sign_in(client).status_code == 429


def test_signing_in_rightly_is_never_held_against_anyone(client: FlaskClient, member: StaffMember) -> None:
    assert {try_sign_in(client).status_code for _ in range(throttle.PER_ADDRESS.amount + 2)} == {302}


def test_a_closed_account_is_signed_out_and_cannot_sign_in(client: FlaskClient, member: StaffMember) -> None:
    try_sign_in(client)
    with db.transaction() as session:
        found = accounts.find(session, member.email)
        assert found is not None
        accounts.set_active(session, found, False)

    assert client.get("/staff/account").status_code == 302
    assert try_sign_in(client).status_code == 422


@pytest.mark.parametrize(
    ("role", "audit_page", "import_page"),
    [(StaffRole.VIEWER, 403, 403), (StaffRole.MANAGER, 403, 200), (StaffRole.ADMINISTRATOR, 200, 200)],
)
def test_each_role_may_do_what_the_ones_before_it_may_and_more(
    client: FlaskClient, role: StaffRole, audit_page: int, import_page: int
) -> None:
    with db.transaction() as session:
        make_event(session)
        sign_in(client, make_staff(session, role=role))

    assert client.get("/staff/").status_code == 200
    assert client.get("/staff/audit").status_code == audit_page
    assert client.get("/staff/events/WP1873v/attendees/import").status_code == import_page
    assert ("Audit trail" in client.get("/staff/").text) == (audit_page == 200)


def test_what_a_role_lacks_is_told(client: FlaskClient, member: StaffMember) -> None:
    sign_in(client, member)

    assert "This needs the role of administrator." in client.get("/staff/audit").text


def change(client: FlaskClient, present: str, new: str, again: str) -> TestResponse:
    data = {"present": present, "new": new, "again": again, "csrf_token": csrf(client)}
    return client.post("/staff/account", data=data)


def test_a_new_password_signs_the_member_out_everywhere_else(
    client: FlaskClient, app: Flask, member: StaffMember
) -> None:
    other = app.test_client()
    for one in (client, other):
        try_sign_in(one)
    response = change(client, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)

    assert response.status_code == 302
    assert client.get("/staff/account").status_code == 200
    assert other.get("/staff/account").status_code == 302
    assert try_sign_in(other).status_code == 422
    assert try_sign_in(other, password=NEW_PASSWORD).status_code == 302
    assert stored().password_hash.startswith("scrypt:")
    with db.reading() as session:
        assert "password changed" in set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    ("present", "new", "again", "said"),
    [("wrong", NEW_PASSWORD, NEW_PASSWORD, "not your present password"), (PASSWORD, "short", "short", "at least 12"),
     (PASSWORD, NEW_PASSWORD, "another one altogether", "differ"), (PASSWORD, "a" * 20, "a" * 20, "less repetitive"),
     (PASSWORD, "manager@example.org", "manager@example.org", "other than your name")],
)  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing(
    client: FlaskClient, member: StaffMember, present: str, new: str, again: str, said: str
) -> None:
    sign_in(client, member)
    response = change(client, present, new, again)

    assert response.status_code == 422
    assert said in response.text
    assert check_password_hash(stored().password_hash, PASSWORD)


def test_made_up_passwords_are_accepted_and_differ() -> None:
    made = {passwords.made_up() for _ in range(50)}

    assert len(made) == 50
    assert {passwords.problem_with(one) for one in made} == {None}


@pytest.fixture
def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands on the test's database."""
    monkeypatch.setattr("mande.startup.ready_app", lambda: app)
    return CliRunner()


def test_commands_make_list_and_change_accounts(runner: CliRunner, client: FlaskClient) -> None:
    def run(*args: str, given: str = "") -> str:
        result = runner.invoke(commands.staff, args, input=given)
        return f"{result.exit_code} {result.output}"

    assert "There is no account yet" in run("list")
    made = run("add", "Ada@example.org", "--name", "Ada", "--role", "administrator")
    password = made.split("shown this once: ")[1].strip()
    assert try_sign_in(client, "ada@example.org", password).status_code == 302
    assert "1 Error: ada@example.org has an account already" in run("add", "ada@example.org", "--name", "Ada")
    assert "1 Error: 'nobody' is not an e-mail address" in run("add", "nobody", "--name", "X")
    assert "only administrator" in run("role", "ada@example.org", "viewer")
    assert "may take answers down" in run("right", "ada@example.org", "--take-answers")
    assert "may take answers down" in run("list")
    assert "may no longer take answers down" in run("right", "ada@example.org", "--no-take-answers")
    assert "take answers down" not in run("list")
    assert "only administrator" in run("close", "ada@example.org")
    assert "at least 12" in run("password", "ada@example.org", "--password-stdin", given="short\n")
    assert "signed out everywhere" in run("password", "ada@example.org", "--password-stdin", given=f"{NEW_PASSWORD}\n")
    assert client.get("/staff/account").status_code == 302
    assert "1 Error: There is no account 'b@example.org'" in run("password", "b@example.org")
    run("add", "b@example.org", "--name", "Bob", "--role", "administrator")
    assert "ada@example.org is now viewer" in run("role", "ada@example.org", "viewer")
    assert "no longer sign in" in run("close", "ada@example.org")
    assert "ada@example.org  viewer         closed  Ada" in run("list")
    assert "may sign in again" in run("open", "ada@example.org")
    with db.reading() as session:
        actors = set(session.scalars(select(AuditEntry.actor).where(AuditEntry.action != "signed in")))
    assert all(actor.endswith("command line)") for actor in actors)


def test_the_audit_page_filters_pages_and_exports(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel("2021-06-07T08:00:00Z", tick=True) as clock, db.transaction() as session:
        for number in range(audit.PAGE_LENGTH + 1):
            audit.record(session, "event made", f"E{number:03}", {"file": "=cmd()"})
        clock.shift(24 * 3600)
        audit.record(session, "survey opened", "100%_sure", actor="ada@example.org")
        administrator = make_staff(session, role=StaffRole.ADMINISTRATOR)
    sign_in(client, administrator)

    first, second = client.get("/staff/audit").text, client.get("/staff/audit?page=2").text
    assert "102 entries" in first
    assert "page 2 of 2" in second
    assert ("E000" in first, "E000" in second) == (False, True)
    for query in ("text=100%25_", "action=survey+opened", "actor=ada%40example.org", "since=2021-06-08"):
        page = client.get(f"/staff/audit?{query}").text
        assert ("1 entry" in page, "100%_sure" in page) == (True, True), query
    assert "101 entries" in client.get("/staff/audit?until=2021-06-07&since=nonsense&page=x").text
    assert "There is no such entry" in client.get("/staff/audit?text=zebra").text
    exported = client.get("/staff/audit?text=E007&format=csv")
    assert exported.mimetype == "text/csv"
    assert exported.text.splitlines()[1].split(",")[1:] == ["the program", "event made", "E007", "file: =cmd()"]
