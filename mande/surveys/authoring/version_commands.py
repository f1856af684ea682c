"""`mande questionnaire check` and `mande questionnaire diff`.

A questionnaire is named by its file (.yaml), or by its code, which means its draft or else its newest version;
"participants@2" is version 2, "participants@draft" the draft alone.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from mande import db
from mande import startup
from mande.events.operations import EventNotFoundError
from mande.events.operations import find
from mande.surveys.authoring import advice
from mande.surveys.authoring import audiences
from mande.surveys.authoring import difference
from mande.surveys.authoring import held
from mande.surveys.authoring.advice import Severity
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.yamlfile import Document

FILES = (".yaml", ".yml")


@click.command("check")
@click.argument("what", metavar="FILE|CODE")
@click.option("--event", "event_code", metavar="CODE", help="Judge by the people at this event, not at a typical one.")
@click.option("--strict", is_flag=True, help="Fail on warnings too, not on errors alone.")
def check(what: str, event_code: str | None, strict: bool) -> None:
    """Say what is wrong with a questionnaire, and what could be better.

    CODE means its draft, else its newest version; participants@2 means version 2.

    Errors keep it from being used. Warnings and hints do not: questions nobody can be asked, groups too small for the
    promise of anonymity, missing translations, wording that suggests its answer, and more.

    \b
    Examples:
      mande questionnaire check questionnaires/participants.yaml
      mande questionnaire check participants --event WP1873v
    """
    with _explained(), startup.application(), db.reading() as session:
        document = _read(session, what)
        problems = checking.problems(document.data)
        for problem in problems:
            click.echo(f"{click.style('error', fg='red')}    {_line(document, problem.path)}{problem}")
        found = []
        if isinstance(document.data, Mapping):
            found = advice.advise(document.data, _audience(session, document.data, event_code))
        for one in found:
            colour = "yellow" if one.severity is Severity.WARNING else "cyan"
            click.echo(f"{click.style(f'{one.severity:<8}', fg=colour)} {_line(document, one.path)}{one}")
    warnings = sum(one.severity is Severity.WARNING for one in found)
    click.echo(f"{len(problems)} errors, {warnings} warnings, {len(found) - warnings} hints.")
    if problems or (strict and warnings):
        raise SystemExit(1)


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
def diff(old: str, new: str) -> None:
    """Say what changed from questionnaire A to questionnaire B, and whether their results can be compared.

    Each is a file, or a code: its draft, else its newest version; participants@2 means version 2.

    \b
    Examples:
      mande questionnaire diff participants@1 participants@2
      mande questionnaire diff participants my-participants.yaml
    """
    with _explained(), startup.application(), db.reading() as session:
        before, after = (_questionnaire(_read(session, what)) for what in (old, new))
    for line in difference.between(before, after).lines():
        click.echo(line)


def _read(session: Session, what: str) -> Document:
    """The file, or the draft or version, that is named. Raises DefinitionError."""
    if what.endswith(FILES):
        return _with_library(yamlfile.read(Path(what)))
    code, _at, name = what.partition("@")
    found = held.everything(session, code)
    chosen = next((one for one in found if one.name == name), None) if name else held.choose(found, None)
    if chosen is None:
        there = ", ".join(f"{code}@{one.name}" for one in found)
        cure = f"There is: {there}." if there else "Name a file that ends in .yaml, or see questionnaires/."
        raise DefinitionError.of(f"There is no questionnaire {what!r}. {cure}")
    # A draft is given its version when it is published.
    return Document(what, {"version": 1, **chosen.data}, {})


def _with_library(document: Document) -> Document:
    """The same with the questions that it takes from the library."""
    if not isinstance(document.data, Mapping):
        return document
    try:
        return replace(document, data=library.expand(document.data, library.bank()))
    except DefinitionError as error:
        raise DefinitionError(error.problems, document.name, document.line) from None


def _questionnaire(document: Document) -> Mapping[str, Any]:
    if not isinstance(document.data, Mapping):
        raise DefinitionError.of(f"{document.name} is no questionnaire.")
    return document.data


def _audience(session: Session, data: Mapping[str, Any], event_code: str | None) -> advice.Audience:
    if event_code is None:
        return advice.TYPICAL
    return audiences.of_event(session, find(session, event_code), data)


def _line(document: Document, path: checking.Path) -> str:
    return f"line {document.line(path)}: " if document.lines else ""


@contextmanager
def _explained() -> Iterator[None]:
    """What the user can put right is said in a sentence, without a traceback."""
    try:
        yield
    except (DefinitionError, EventNotFoundError) as problem:
        raise click.ClickException(str(problem)) from problem
