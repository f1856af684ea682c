"""The questionnaire that a command is about."""

import click

from mande import db
from mande import startup
from mande.surveys import catalogue
from mande.surveys.questionnaires import definition
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.definition import Definition


def wanted(code: str) -> Definition:
    """A file's questionnaire, or the newest version of this code. Raises click.ClickException."""
    try:
        if code.endswith((".yaml", ".yml")):
            return definition.load(code)
        with startup.application(), db.reading() as session:
            return catalogue.find(session, code)
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
