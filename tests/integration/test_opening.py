"""Opening surveys: who is asked, what is written, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from mande import clock
from mande import db
from mande import tokens
from mande.events.models import Event
from mande.events.models import Role
from mande.keyring import Keyring
from mande.keyring import KeyringError
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.staff.models import AuditEntry
from mande.surveys import operations
from mande.surveys.answering import ballot
from mande.surveys.models import Invitation
from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.models import SurveyKey
from mande.surveys.models import SurveyState
from mande.surveys.operations import OpeningError
from mande.web import settings
from tests import builders

AFTERWARDS = datetime(2021, 6, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    clock.move_to(AFTERWARDS)
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return builders.make_event(session, participants=4, speakers=2, partners=1)


def _open(event: Event, roles: list[Role] | None = None, **options: object) -> operations.Opened:
    with db.transaction() as session:
        return operations.open_surveys(session, event, roles, "a test", **options)  # type: ignore[arg-type]


def _all(model: type) -> list:
    with db.reading() as session:
        return list(session.scalars(select(model)))


def test_everybody_is_invited_in_their_role_with_one_message_each(event: Event) -> None:
    opened = _open(event)

    assert opened.invited == {Role.PARTICIPANT: 4, Role.SPEAKER: 2, Role.PARTNER: 1}
    assert opened.queued == 7
    assert {survey.role for survey in _all(Survey)} == set(Role)
    assert {message.about for message in _all(Message)} == {invitation.id for invitation in _all(Invitation)}
    assert {message.kind for message in _all(Message)} == {MessageKind.INVITATION}


def test_a_survey_keeps_what_it_was_opened_with(event: Event) -> None:
    _open(event, [Role.PARTICIPANT])

    [survey], [questionnaire] = _all(Survey), _all(Questionnaire)
    assert survey.state is SurveyState.OPEN
    assert survey.k == event.k
    assert survey.strata == questionnaire.definition["strata"]
    assert survey.opens_at - AFTERWARDS < timedelta(minutes=1)
    assert survey.closes_at - survey.opens_at == timedelta(days=21)
    assert questionnaire.code == "participants"
    assert survey.invited is None


def test_the_message_goes_to_the_person_and_answers_go_to_the_manager(event: Event) -> None:
    _open(event, [Role.PARTNER])

    [message] = _all(Message)
    assert message.to_name == "Partner 1"
    assert (message.reply_to_name, message.reply_to_address) == ("Robin Example", "robin@example.org")
    assert event.title in message.subject
    assert message.text.count("[[link]]") == 1
    assert message.event_id == event.id


def test_the_link_in_the_message_leads_to_the_invitation(event: Event) -> None:
    _open(event, [Role.PARTNER])

    [message], [invitation] = _all(Message), _all(Invitation)
    key = settings().link_keys.find(message.link_key)
    token = tokens.derive(key, message.link_subject, message.link_nonce)
    assert message.link_path == "/r/[[token]]"
    assert tokens.digest(token) == invitation.token_digest


def test_the_message_says_that_its_link_is_for_nobody_else(event: Event) -> None:
    _open(event)

    for message in _all(Message):
        assert "please do not forward this message" in message.text
        assert "please do not forward this message" in message.html


@pytest.mark.parametrize(("spoken", "written"), [("fr-CH", "fr"), ("ar", "ar"), ("sw", "en"), (None, "en")])
def test_a_person_is_written_to_in_their_language_if_the_questionnaire_has_it(
    app: Flask, spoken: str | None, written: str
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.attend(session, event, builders.make_person(session, language=spoken))
        operations.open_surveys(session, event)

    [message] = _all(Message)
    assert message.language == written


def test_whoever_has_several_roles_is_asked_once(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.attend(session, event, roles=[Role.PARTICIPANT, Role.SPEAKER, Role.PARTNER])
        opened = operations.open_surveys(session, event)

    assert opened.invited == {Role.PARTNER: 1}


def test_opening_again_invites_only_newcomers(event: Event) -> None:
    first = _open(event)
    with db.transaction() as session:
        builders.attend(session, session.merge(event))
    second = _open(event)

    assert second.invited == {Role.PARTICIPANT: 1, Role.SPEAKER: 0, Role.PARTNER: 0}
    assert second.queued == 1
    assert second.closes_at == first.closes_at
    assert len(_all(Survey)) == 3
    assert len(_all(Message)) == 8


def test_somebody_whose_role_has_changed_is_not_asked_twice(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, speakers=1)
        attendance = builders.attend(session, event)
        operations.open_surveys(session, event)
        attendance.roles[0].role = Role.SPEAKER
    again = _open(event)

    assert again.queued == 0
    assert len(_all(Invitation)) == 2


def test_opening_one_role_twice_invites_everybody_once(event: Event) -> None:
    _open(event, [Role.SPEAKER])
    _open(event, [Role.SPEAKER])

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 2


def test_what_is_refused_leaves_nothing_behind(event: Event) -> None:
    with pytest.raises(OpeningError, match="for speakers"):
        _open(event, questionnaires={Role.PARTICIPANT: "speakers"})

    assert _all(Survey) == []
    assert _all(Message) == []


def test_an_event_without_people_is_refused(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)

    with pytest.raises(OpeningError, match="no attendees"):
        _open(event)


def test_a_role_without_people_is_refused(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)

    with pytest.raises(OpeningError, match="no speakers"):
        _open(event, [Role.SPEAKER])


def test_an_event_that_is_not_over_is_refused_unless_that_is_meant(event: Event) -> None:
    clock.move_to(datetime(2021, 6, 9, 14, 29, tzinfo=UTC))

    with pytest.raises(OpeningError, match="is not over"):
        _open(event)
    assert _open(event, even_before_the_end=True).queued == 7


def test_a_closed_survey_is_not_opened_again(event: Event) -> None:
    _open(event)
    with db.transaction() as session:
        operations.close_surveys(session, event)

    with pytest.raises(OpeningError, match="closed"):
        _open(event)


def test_a_closing_date_in_the_past_is_refused(event: Event) -> None:
    with pytest.raises(OpeningError, match="closing date"):
        _open(event, closes_at=AFTERWARDS - timedelta(days=1))


def test_an_unclosed_role_can_be_opened_when_another_is_closed(event: Event) -> None:
    _open(event, [Role.SPEAKER])
    with db.transaction() as session:
        operations.close_surveys(session, event)

    assert _open(event).invited == {Role.PARTICIPANT: 4, Role.PARTNER: 1}


def test_the_hooks_of_other_features_run_in_the_same_transaction(app: Flask, event: Event) -> None:
    seen: list[int] = []
    hook = lambda session, _event: seen.append(len(list(session.scalars(select(Invitation)))))  # noqa: E731
    app.extensions.setdefault("mande.on_open", []).append(hook)

    _open(event)

    assert seen == [7]


def test_opening_is_written_into_the_audit_trail_by_numbers_only(event: Event) -> None:
    _open(event)

    [entry] = [entry for entry in _all(AuditEntry) if entry.action == "surveys opened"]
    assert (entry.actor, entry.subject) == ("a test", "WP1873v")
    assert entry.detail["invited"] == {"participant": 4, "speaker": 2, "partner": 1}


def test_a_survey_is_anonymous_unless_it_is_opened_otherwise_and_stays_so(event: Event) -> None:
    _open(event, [Role.PARTICIPANT])
    _open(event, [Role.SPEAKER], anonymous=False)
    _open(event, anonymous=False)

    assert {survey.role: survey.anonymous for survey in _all(Survey)} == {
        Role.PARTICIPANT: True, Role.SPEAKER: False, Role.PARTNER: False,
    }  # fmt: skip


def test_a_survey_that_closes_earlier_leaves_the_date_of_one_opened_later_alone(event: Event) -> None:
    soon, later = clock.now() + timedelta(days=2), clock.now() + timedelta(days=9)
    _open(event, [Role.PARTICIPANT], closes_at=soon)

    opened = _open(event, closes_at=later)

    assert opened.closes_at == later
    assert {survey.role: survey.closes_at for survey in _all(Survey)} == {
        Role.PARTICIPANT: soon, Role.SPEAKER: later, Role.PARTNER: later,
    }  # fmt: skip


def test_newcomers_are_counted_by_role(event: Event) -> None:
    with db.reading() as session:
        assert operations.newcomers(session, event) == {Role.PARTICIPANT: 4, Role.SPEAKER: 2, Role.PARTNER: 1}
    _open(event)
    with db.reading() as session:
        assert operations.newcomers(session, event) == {}


def test_a_new_operators_key_takes_over_every_open_survey(app: Flask, event: Event) -> None:
    _open(event)
    old, new = settings().operator_keys, b"n" * 32
    with db.transaction() as session:
        both = Keyring(old.purpose, (new, *old.keys))
        assert operations.rotate_operator_key(session, both) == 3
        assert operations.rotate_operator_key(session, both) == 3

    for key in _all(SurveyKey):
        assert key.operator_key == both.fingerprint
        assert len(ballot.unwrap(key.wrapped, new)) == 32
    with db.transaction() as session, pytest.raises(KeyringError):
        operations.close_surveys(session, event)
    app.extensions["mande.settings"] = replace(settings(), operator_keys=Keyring(old.purpose, (new,)))
    with db.transaction() as session:
        assert len(operations.close_surveys(session, event)) == 3


def test_rotating_without_the_old_key_changes_nothing(event: Event) -> None:
    _open(event)

    with pytest.raises(KeyringError, match="Put it back"), db.transaction() as session:
        operations.rotate_operator_key(session, Keyring("MANDE_OPERATOR_KEYS", (b"n" * 32,)))

    assert {key.operator_key for key in _all(SurveyKey)} == {settings().operator_keys.fingerprint}
