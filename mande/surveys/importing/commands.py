"""`mande responses`: answers that were gathered elsewhere."""

import sys
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import NoReturn
from typing import TypeVar

import click

from mande import db
from mande import startup
from mande.events import operations as events
from mande.surveys.importing import imports
from mande.surveys.importing import operations as importing
from mande.surveys.importing import tables
from mande.surveys.importing.columns import ColumnsError
from mande.surveys.importing.columns import Layout
from mande.surveys.importing.columns import lay_out
from mande.surveys.importing.imports import ImportRefusedError
from mande.surveys.importing.imports import Placed
from mande.surveys.importing.tables import Table
from mande.surveys.models import Survey
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.definition import find
from mande.surveys.questionnaires.matching import fold

T = TypeVar("T")
PATIENCE = 1.0
COLUMNS_ADVICE = "Say which question a column answers with --column HEADER=CODE, or leave it out with --ignore HEADER."


@click.group()
def responses() -> None:
    """Take over answers that were gathered elsewhere."""


@responses.command("import")
@click.argument("event_code", metavar="EVENT")
@click.option("--questionnaire", required=True, help="Its code, or the path of its YAML file.")
@click.option(
    "--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The CSV file."
)
@click.option("--missing", multiple=True, metavar="MARK", help="What stands for no answer, as NA. COLUMN=MARK for one.")
@click.option(
    "--not-applicable", multiple=True, metavar="MARK", help="What stands for “not applicable”. COLUMN=MARK for one."
)
@click.option("--invited", type=click.IntRange(min=1), metavar="N", help="How many were asked, for the response rate.")
@click.option("--column", "columns", multiple=True, metavar="HEADER=CODE", help="The question that a column answers.")
@click.option("--ignore", multiple=True, metavar="COLUMN", help="A column to leave out.")
def import_(
    event_code: str,
    questionnaire: str,
    path: Path,
    missing: Sequence[str],
    not_applicable: Sequence[str],
    invited: int | None,
    columns: Sequence[str],
    ignore: Sequence[str],
) -> None:
    """Import the answers in a CSV file into EVENT, as a survey that is closed.

    The first row names the codes of questions (of a matrix its rows, as inclusion_access.time_zone, of a ranking its
    options; of what is asked for each meeting, question@meeting). Cells hold codes or labels of options, in any
    language of the questionnaire; several choices are split by “;”. Dates are written as 2026-11-22. An empty cell is a
    missing answer. Marks apply where they are no option themselves, “not applicable” only to questions that allow it;
    a mark given for one column always applies there.

    Nothing is imported unless everything can be: what cannot be placed is listed with its row, as a spreadsheet
    counts them, its column, its value and what would be allowed.

    \b
    Example:
      mande responses import WP1873v --questionnaire participants \\
          --file paper-forms.csv --missing NA --not-applicable 6 --invited 25
    """
    with startup.application():
        try:
            definition = find(questionnaire)
            with db.reading() as session:
                event = events.find(session, event_code)
                importing.refuse_if_known(session, event, definition)
                expected = importing.expected(event, definition)
            table = tables.read(path.read_bytes())
            layout = lay_out(expected, table.header, columns, ignore, missing, not_applicable)
            placed = imports.place(expected, layout, _with_progress(table.rows))
            survey = _store(event_code, definition, placed.responses, invited)
        except ImportRefusedError as refused:
            _refuse(path, refused)
        except ColumnsError as error:
            lines = "\n".join(f"  - {problem}" for problem in error.problems)
            raise click.ClickException(f"The columns of {path.name} do not fit:\n{lines}\n{COLUMNS_ADVICE}") from error
        except tables.TableError as error:
            raise click.ClickException(f"{path.name}: {error}") from error
        except (DefinitionError, events.EventNotFoundError, importing.NotImportedError) as error:
            raise click.ClickException(str(error)) from error
    for note in notes(table, layout, placed):
        click.echo(note)
    click.secho(_done(definition, survey), fg="green")


def _store(event_code: str, definition: Definition, found: list[Answers], invited: int | None) -> Survey:
    with db.transaction() as session:
        return importing.store(session, events.find(session, event_code), definition, found, invited)


def notes(table: Table, layout: Layout, placed: Placed) -> Iterator[str]:
    """What was read, and what may not be as meant though nothing was wrong."""
    yield f"Read {len(table.rows)} rows of {len(table.header)} columns ({table.encoding}, split by {table.delimiter})."
    if table.encoding == "Windows-1252":
        yield "The file is not UTF-8 and was read as Windows-1252: check that accented letters are right."
    if table.blank:
        yield f"Left out: {table.blank} blank {'row' if table.blank == 1 else 'rows'}."
    if layout.absent:
        yield f"Without a column, so missing in every response: {', '.join(layout.absent)}."
    for header, times in placed.others.items():
        yield f"{header}: “other” in {responses_said(times)}, with what is no option as its text."
    for (mark, header), times in placed.marks_passed_over.items():
        yield f"{header}: “{mark}” is an option here and was counted as one, not as a mark, in {responses_said(times)}."
    for (text, header), times in placed.texts_like_marks.items():
        where = f"{header}: “{text}” was taken as a text in {responses_said(times)}."
        yield f"{where} To count it as missing: --missing “{text}”."
    used = {*placed.marks_used, *(fold(mark) for mark, _ in placed.marks_passed_over)}
    for folded, mark in layout.marks.written.items():
        if folded not in used:
            yield f"The mark “{mark}” occurs nowhere."


def responses_said(number: int) -> str:
    return "1 response" if number == 1 else f"{number} responses"


def _done(definition: Definition, survey: Survey) -> str:
    answered = survey.answered or 0
    rate = f" of {survey.invited} invited ({answered / survey.invited:.1%})" if survey.invited else ""
    few = f" Fewer than {survey.k} responses: only their number is kept." if answered < survey.k else ""
    what = f"{definition.code} (version {definition.version})"
    return f"Imported {responses_said(answered)}{rate} to {what} into {survey.event.code}.{few}"


def _refuse(path: Path, refused: ImportRefusedError) -> NoReturn:
    for refusal in refused.refusals:
        click.echo(str(refusal), err=True)
    number = len(refused.refusals)
    advice = ""
    if mark := imports.most_refused([refusal.value for refusal in refused.refusals]):
        advice = f" If “{mark}” stands for a missing answer, add --missing “{mark}”."
    values = "value" if number == 1 else "values"
    raise click.ClickException(f"{number} {values} in {path.name} cannot be placed. Nothing was imported.{advice}")


def _with_progress(rows: Sequence[T]) -> Iterator[T]:
    """The rows one by one, with a progress bar from the moment at which more than a second has gone by."""
    begun = monotonic()
    iterator = iter(rows)
    for done, row in enumerate(iterator, 1):
        yield row
        if monotonic() - begun > PATIENCE:
            with click.progressbar(iterator, length=len(rows) - done, label="Reading", file=sys.stderr) as bar:
                yield from bar
