"""Owners ask colleagues to join in an action, to be named with it, or to take it over; colleagues answer."""

import contextvars
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import startup
from mande.config import SettingsError
from mande.events import marking
from mande.events.models import Person
from mande.events.models import PersonMerge
from mande.events.records import merging
from mande.events.records import unmerging
from mande.followup import clockwork
from mande.followup import companions
from mande.followup import history
from mande.followup import links
from mande.followup import operations
from mande.followup.desk import colleagues
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.followup.requesting import requests
from mande.keyring import Keyring
from mande.mail import bounces
from mande.mail import stopping
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.mail.models import SuppressionReason
from tests import builders
from tests import quicker
from tests.conftest import FreshClient
from tests.integration.test_followup_pages import good
from tests.integration.test_followup_pages import rows
from tests.integration.test_followup_pages import sent_to
from tests.smtp import StubServer
from tests.smtp import content

NOW = datetime(2021, 6, 10, 10, tzinfo=UTC)
WHAT = "Train twelve mediators"
BEN = "ben@example.org"


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(NOW)
    yield
    clock.move_to(None)


class Story:
    """Ada Owner plans something, and asks colleagues. `smtp` has taken what was written to them."""

    def __init__(self, app: Flask, smtp: StubServer) -> None:
        quicker.share_templates(app)
        app.test_client_class = FreshClient
        self.app, self.smtp = app, smtp
        self.client: FlaskClient = app.test_client()
        with db.transaction() as session:
            self.event = builders.make_event(session)
            self.ada = builders.make_person(session, "Ada Owner", email="ada@example.org", country="GB")
            link = builders.link_of(session, builders.attend(session, self.event, self.ada))
            self.action_id = operations.add_action(session, link, Intention(WHAT, consent=True, why="We spoke")).id
            self.link_id, self.token = link.id, links.token_of(link)
        self.page = f"/a/{self.token}/actions/{self.action_id}/colleagues"

    def ask(self, kind: str, name: str = "Ben Colleague", address: str = BEN, **how: str) -> str:
        """Asks on the owner's page, lets the message go, and returns the path of its link."""
        typed = {"kind": kind, "name": name, "address": address, **how}
        assert sent_to(self.client.post(self.page, data=typed)).endswith("said=asked")
        before = len(self.smtp.accepted)
        clockwork.send()
        assert len(self.smtp.accepted) == before + 1
        return self.path(self.smtp.accepted[-1])

    def path(self, message) -> str:
        text = content(message, "plain")
        return next(word for word in text.split() if "mande.test" in word).removeprefix("http://mande.test")

    def requests(self) -> list[ActionRequest]:
        with db.reading() as session:
            return list(session.scalars(select(ActionRequest).order_by(ActionRequest.asked_at)))

    def owners(self) -> dict[str, tuple[Visibility, bool]]:
        with db.reading() as session:
            action = session.get_one(PlannedAction, self.action_id)
            return {one.link.person.name: (one.visibility, one.consent) for one in action.owners}

    def done(self) -> list[str]:
        with db.reading() as session:
            return [one.what for one in history.of(session, self.action_id)]

    def messages(self) -> list[Message]:
        asked = select(Message).where(Message.kind == MessageKind.REQUEST)
        with db.reading() as session:
            return list(session.scalars(asked.order_by(Message.due_at, Message.sequence)))


@pytest.fixture
def story(mailing_app: Flask, smtp: StubServer) -> Story:
    return Story(mailing_app, smtp)


def test_a_colleague_joins_reports_otherwise_and_leaves(story: Story) -> None:
    client = story.client
    good(client.get(f"/a/{story.token}"))
    assert "We do not tell you whether" in good(client.get(f"{story.page}?kind=join"))
    wrong = good(client.post(story.page, data={"kind": "join", "name": "www.x.org", "address": "ben"}), 422)
    assert "A name holds neither" in wrong
    assert "Write one e-mail address" in wrong
    assert 'value="www.x.org"' in wrong
    assert "your own address" in good(
        client.post(story.page, data={"kind": "join", "name": "Me", "address": "ADA@example.org"}), 422
    )
    question = story.ask("join", address=" Ben@Example.org ")

    message = story.smtp.accepted[-1]
    assert message["Subject"] == "Ada Owner asks: would you do this together?"
    assert message["Reply-To"] == "Robin Example <robin@example.org>"
    assert f"http://mande.test{question}/decline" in message["List-Unsubscribe"]
    text = content(message, "plain")
    assert WHAT in text
    assert "You need not do anything" in text
    assert "If you decline, nothing more is sent" in text
    before = rows()
    page = good(client.get(question))
    assert WHAT in page
    assert "We spoke" in page
    assert 'name="name"' in page
    good(client.get(f"{question}/decline"))
    assert rows() == before

    assert "Write your name" in good(client.post(f"{question}/agree", data={"name": " ", "visibility": "team"}), 422)
    choice = {"name": "Ben B. Colleague", "visibility": "partners_by_name", "consent": "y"}
    assert sent_to(client.post(f"{question}/agree", data=choice)) == question
    assert "We have sent you a message" in good(client.get(question))
    clockwork.send()
    own = story.path(story.smtp.accepted[-1])
    assert story.smtp.accepted[-1]["To"] == '"Ben B. Colleague" <ben@example.org>'
    assert WHAT in good(client.get(own))
    assert "Ben B. Colleague" in good(client.get(f"/a/{story.token}"))
    assert story.owners() == {"Ada Owner": (Visibility.PARTNERS_WITHOUT_NAME, True),
                              "Ben B. Colleague": (Visibility.PARTNERS_BY_NAME, True)}  # fmt: skip
    (asked,) = story.requests()
    assert (asked.state, asked.to_address, asked.to_name) == (RequestState.AGREED, None, "")
    assert [one.to_address for one in story.messages()] == ["", BEN]
    with db.reading() as session:
        assert session.scalars(select(CheckIn).where(CheckIn.link_id == asked.to_link_id)).all()

    # Two owners say different things, which the team is shown, and each is named for what they said.
    with db.transaction() as session:
        ben = links.visit(session, own.removeprefix("/a/"))
        ada = links.visit(session, story.token)
        assert ben
        assert ada
        operations.report_progress(session, ben.link, [Report(story.action_id, Status.DONE)])
        operations.report_progress(session, ada.link, [Report(story.action_id, Status.SOME_PROGRESS)])
        builders.sign_in(client, builders.make_staff(session))
    with db.reading() as session:
        panel = str(colleagues.sayings(session.get_one(PlannedAction, story.action_id)))
        assert "DONE" in panel
        assert "SOME_PROGRESS" in panel
    shown = client.get(f"/staff/events/WP1873v/actions/{story.action_id}").get_data(as_text=True)
    assert "They say different things." in shown
    assert "Ada Owner: Some progress; Ben B. Colleague: Done." in shown
    assert "Done – 10 June 2021" in good(client.get(story.page))

    # A reply to the message with the link, that says stop, ends what it is about: questions to the new owner.
    with db.transaction() as session:
        stopping.stop(session, session.scalars(select(Message).where(Message.to_address == BEN)).one())
    with db.reading() as session:
        assert links.visit(session, own.removeprefix("/a/")).link.stopped

    # Joining is taken back on one's own page, and the action stays with the other.
    sent_to(client.post(f"{own}/actions/{story.action_id}/withdraw"))
    assert list(story.owners()) == ["Ada Owner"]
    assert story.done() == ["written down", "colleague asked", "joined", "left"]


def test_whoever_takes_an_action_over_is_asked_about_it_and_the_giver_no_more(story: Story) -> None:
    with db.transaction() as session:
        ben = builders.make_person(session, "Dr Ben Known", email="b@example.org", country="GB")
        builders.attend(session, story.event, ben)
        session.flush()
    other = story.ask("join", "Cleo", "cleo@example.org")
    question = story.ask("take_over", "Ben", "b@example.org")
    assert "Would you take this over?" in good(story.client.get(question))
    assert 'name="name"' not in good(story.client.get(question))

    # Two quick clicks, at one moment: one owner, one change, one message.
    def click(_number: int) -> int:
        typed = {"visibility": "team"}
        return contextvars.Context().run(story.app.test_client().post, f"{question}/agree", data=typed).status_code

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(click, range(2))) == {303}

    assert story.owners() == {"Dr Ben Known": (Visibility.TEAM, False)}
    assert story.done() == ["written down", "colleague asked", "colleague asked", "joined", "handed over"]
    with db.reading() as session:
        assert not session.scalars(select(CheckIn).where(CheckIn.link_id == story.link_id)).all()
    assert "nothing to answer any more" in good(story.client.get(other), 410)
    assert WHAT not in good(story.client.get(f"/a/{story.token}"))
    clockwork.send()
    assert [message["To"].addresses[0].addr_spec for message in story.smtp.accepted] == [
        "cleo@example.org", "b@example.org", "b@example.org",
    ]  # fmt: skip

    # Whoever has it now hands it over by telephone: the team asks in their name, and nothing changes before the yes.
    with db.transaction() as session:
        builders.sign_in(story.client, builders.make_staff(session))
    address = f"/staff/events/WP1873v/actions/{story.action_id}/colleagues"
    with db.reading() as session:
        (owner,) = session.get_one(PlannedAction, story.action_id).owners
    form = {"owner": str(owner.link_id), "kind": "take_over", "name": "Dee", "address": "dee@example.org"}
    token = {"csrf_token": builders.csrf(story.client)}
    assert "in the owner's name" in story.client.get(address).get_data(as_text=True)
    assert story.client.post(address, data={**form, "address": "b@example.org", **token}).status_code == 422
    assert story.client.post(address, data={**form, **token}).status_code == 303
    assert list(story.owners()) == ["Dr Ben Known"]
    (asked,) = [one for one in story.requests() if one.to_name == "Dee"]
    assert story.client.post(f"{address}/{asked.id}/withdraw", data=token).status_code == 303
    assert story.done()[-2:] == ["colleague asked", "question taken back"]
    clockwork.send()
    assert len(story.smtp.accepted) == 3


def test_a_name_is_shown_only_while_whoever_has_it_agrees(story: Story) -> None:
    named = lambda: companions.named_companions(action())  # noqa: E731

    def action() -> PlannedAction:
        with db.reading() as session:
            found = session.get_one(PlannedAction, story.action_id)
            assert found.requests is not None
            return found

    question = story.ask("name")
    assert named() == []
    sent_to(story.client.post(f"{question}/agree", data={"name": "Ben <b>"}))
    assert named() == ["Ben <b>"]
    assert "Ben &lt;b&gt;" in good(story.client.get(question))
    assert "Ben &lt;b&gt;" in good(story.client.get(f"/a/{story.token}"))
    assert story.requests()[0].to_address is None
    assert story.messages()[0].to_address == ""
    clock.move_to(NOW + timedelta(days=200))
    clockwork.tick()
    assert named() == ["Ben <b>"]

    sent_to(story.client.post(f"{question}/decline?then=show"))
    assert "You have said no" in good(story.client.get(question))
    assert named() == []
    assert story.done()[-2:] == ["colleague agreed to be named", "colleague no longer named"]
    again = good(story.client.post(story.page, data={"kind": "join", "name": "Ben", "address": BEN}), 422)
    assert "Nobody is asked about this action at this address again." in again


def test_a_question_ends_by_a_no_by_being_taken_back_and_by_itself(story: Story) -> None:
    # RFC 8058: one click in a mail program, without a page to be sent on to; and a reply that says stop.
    clicked = story.ask("join", "One", "one@example.org")
    assert "You have said no" in good(story.client.post(f"{clicked}/decline", data={"List-Unsubscribe": "One-Click"}))
    story.ask("join", "Two", "two@example.org")
    with db.transaction() as session:
        stopping.stop(session, session.scalars(select(Message).where(Message.to_name == "Two")).one())
    back = story.ask("take_over", "Three", "three@example.org")
    (three,) = [one for one in story.requests() if one.to_name == "Three"]
    assert sent_to(story.client.post(f"{story.page}/{three.id}/withdraw")).endswith("said=withdrawn")
    assert "nothing to answer any more" in good(story.client.get(back), 410)
    late = story.ask("name", "Four", "four@example.org")

    clock.move_to(NOW + timedelta(days=30, minutes=5))
    good(story.client.get(late), 410)
    good(story.client.post(f"{late}/agree", data={"name": "Four"}), 410)
    assert clockwork.tick()["end requests"] == 1
    assert {one.state for one in story.requests()} == {RequestState.DECLINED, RequestState.WITHDRAWN,
                                                       RequestState.EXPIRED}  # fmt: skip
    assert {(one.to_name, one.to_address) for one in story.requests()} == {("", None)}
    assert {(one.to_name, one.to_address, one.to_domain) for one in story.messages()} == {("", "", "")}
    assert list(story.owners()) == ["Ada Owner"]
    assert all(word not in good(story.client.get(f"/a/{story.token}")) for word in ("Two", "Three", "Four"))
    # A bounce that comes when the addressee is forgotten is about nobody.
    with db.transaction() as session:
        bounces.record_failure(session, session.scalars(select(Message).limit(1)).one(), "550 5.1.1 No such user", True)
        assert session.scalars(select(Suppression)).all() == []

    # What was open when its owner withdraws the action goes with it, and its message.
    story.client.post(story.page, data={"kind": "join", "name": "Five", "address": "five@example.org"})
    story.client.post(f"/a/{story.token}/actions/{story.action_id}/withdraw")
    assert story.requests() == []
    assert story.messages()[-1].state is MessageState.CANCELLED


def test_limits_hold_and_nobody_learns_whether_an_address_is_known(story: Story) -> None:
    with db.transaction() as session:
        suppression.suppress(session, "gone@example.org", SuppressionReason.BY_HAND, "Asked us to")
        stopped = builders.make_person(session, "Stop", email="stopped@example.org")
        operations.stop(session, links.ensure_link(session, story.event.id, stopped.id))
        builders.make_person(session, "Hidden", email="hidden@example.org", discreet=True)
    pages = []
    silent = {"gone@example.org": "join", "stopped@example.org": "join", "hidden@example.org": "name"}
    for address, kind in silent.items():
        where = sent_to(story.client.post(story.page, data={"kind": kind, "name": "Ben", "address": address}))
        pages.append(good(story.client.get(where)).partition("<h2>")[0])
    assert len(set(pages)) == 1
    assert "if it can be written to" in pages[0]
    clockwork.send()
    assert story.smtp.accepted == []
    typed = {"kind": "join", "name": "Ben", "address": BEN}
    assert "3 questions about this action have no answer yet" in good(story.client.post(story.page, data=typed), 422)
    for one in story.requests():
        story.client.post(f"{story.page}/{one.id}/withdraw")
    assert "not asked again within 30 days" in good(
        story.client.post(story.page, data={**typed, "address": "gone@example.org"}), 422
    )
    # Ten in all, over all actions and also over those that are withdrawn: nobody makes a mailing list of this.
    with db.transaction() as session:
        visit = links.visit(session, story.token)
        assert visit
        for number in range(7):
            action = operations.add_action(session, visit.link, Intention(f"Another {number}"))
            question = requests.Question(RequestKind.JOIN, "Ben", f"ben{number}@example.org")
            requests.ask(session, visit.link, action, question)
            operations.withdraw_action(session, action, visit.link)
    assert "You have asked 10 colleagues" in good(story.client.post(story.page, data=typed), 422)


def test_who_must_not_be_exposed_is_named_in_no_question(story: Story) -> None:
    with db.transaction() as session:
        builders.make_person(session, "Hidden", email="hidden@example.org", discreet=True)
    discreet = story.ask("join", "H", "hidden@example.org")
    message = story.smtp.accepted[-1]
    words = f"{message} {content(message, 'plain')} {content(message, 'html')}"
    assert not [name for name in ("Ada", "WP1873v", "diplomacy", "Robin Example", WHAT) if name in words]
    assert WHAT in good(story.client.get(discreet))
    sent_to(story.client.post(f"{discreet}/agree", data={"visibility": "partners_without_name"}))
    clockwork.send()
    message = story.smtp.accepted[-1]
    words = f"{message['Subject']} {content(message, 'plain')} {content(message, 'html')}"
    assert not [name for name in ("Ada", "WP1873v", "diplomacy", "Robin Example", WHAT) if name in words]
    # An owner who must not be exposed: the others do not see their name, and nobody else is asked.
    own = good(story.client.get(story.page))
    assert "Hidden" not in own
    assert "Here this is not possible" in own
    typed = {"kind": "join", "name": "Ben", "address": BEN}
    assert "must not be exposed" in good(story.client.post(story.page, data=typed), 422)
    story.client.post(f"{story.path(message)}/actions/{story.action_id}/withdraw")

    # A question that waits, once its asker or its event must not be named, goes to nobody.
    story.client.post(story.page, data=typed)
    story.client.post(story.page, data={**typed, "address": "soon@example.org"})
    with db.transaction() as session:
        builders.make_person(session, "Soon", email="soon@example.org", discreet=True)
        assert marking.align(session) == 1
        neutral = session.scalars(select(Message).where(Message.to_address == "soon@example.org")).one()
        assert neutral.sender_name
        assert "Ada" not in str(neutral.text)
        session.get_one(Person, story.ada.id).discreet = True
        session.flush()
        marking.align(session)
    waiting = [one for one in story.messages() if one.sent_at is None]
    assert {(one.state, one.to_address) for one in waiting} == {(MessageState.CANCELLED, "")}
    assert RequestState.ASKED not in {one.state for one in story.requests()}


def test_requests_follow_a_merge_of_two_records_and_its_undo_and_their_key_is_needed(story: Story) -> None:
    question = story.ask("join")
    with db.transaction() as session:
        kept = builders.make_person(session, "Ada Again")
        first = links.ensure_link(session, story.event.id, kept.id)
        merge = merging.merge(session, kept, session.get_one(Person, story.ada.id), {})
        assert session.scalars(select(ActionRequest.from_link_id)).all() == [first.id]
    assert "Ada Again" in good(story.client.get(question))
    with db.transaction() as session:
        unmerging.undo(session, session.get_one(PersonMerge, merge.id))
        assert session.scalars(select(ActionRequest.from_link_id)).all() == [story.link_id]
        elsewhere = Keyring("MANDE_LINK_KEYS", (b"n" * 32,))
        for table in ("followup_link", "former_followup_link"):
            session.connection().exec_driver_sql(f"UPDATE {table} SET link_key = '{elsewhere.fingerprint}'")
        with pytest.raises(SettingsError, match="MANDE_LINK_KEYS lacks"):
            startup.refuse_missing_link_keys(session, elsewhere)
        asked = session.scalars(select(ActionRequest)).one()
        companions.end(session, [asked], RequestState.WITHDRAWN)
        startup.refuse_missing_link_keys(session, elsewhere)
