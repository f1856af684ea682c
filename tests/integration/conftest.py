"""Fixtures of tests that need the application: a mail server, and an application that sends to it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mande import create_app
from mande import db
from mande.config import Settings
from tests import builders
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Respondent
from tests.smtp import StubServer


@pytest.fixture
def smtp() -> Iterator[StubServer]:
    """A mail server on loopback."""
    with StubServer() as server:
        yield server


@pytest.fixture
def mailing_app(settings: Settings, smtp: StubServer) -> Iterator[Flask]:
    """The application, in its context, sending to the mail server `smtp`."""
    app = create_app(replace(settings, mail=smtp.settings()))
    app.testing = True
    with app.app_context():
        yield app
    app.extensions["mande.db"].engine.dispose()


@pytest.fixture
def people(app: Flask, client: FlaskClient) -> list[Respondent]:
    """Three participants of an event who are asked every type of question."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=3)
        found = builders.open_survey(session, event, SAMPLE)
    return [Respondent(client, token) for token in found]


@pytest.fixture
def person(people: list[Respondent]) -> Respondent:
    return people[0]
