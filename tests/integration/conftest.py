"""Fixtures of tests that need the application: a mail server, and an application that sends to it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from mande import create_app
from mande.config import Settings
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
