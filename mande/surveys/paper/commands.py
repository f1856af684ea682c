"""`mande questionnaire paper`: a questionnaire to print and to fill in by hand."""

from pathlib import Path

import click

from mande import db
from mande import pdf
from mande import startup
from mande.events.operations import EventNotFoundError
from mande.events.operations import find
from mande.surveys.paper import printing
from mande.surveys.paper import printouts
from mande.surveys.paper.printing import Asking
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.wanted import wanted


@click.command()
@click.argument("code", metavar="CODE")
@click.option("--language", help="One of the questionnaire's languages. Without it: its first.")
@click.option("--event", "event_code", metavar="EVENT", help="Fill in what this event says; without it lines are left.")
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="The PDF to write.")  # fmt: skip
def paper(code: str, language: str | None, event_code: str | None, path: Path) -> None:
    """Make an accessible PDF (PDF/UA) of a questionnaire, to print.

    \b
      mande questionnaire paper participants --language fr --event WP1873v -o questionnaire.pdf
    """
    definition = wanted(code)
    language = language or definition.languages[0]
    if language not in definition.languages:
        raise click.ClickException(
            f"{definition.code} is not in {language!r}, but in {', '.join(definition.languages)}."
        )
    try:
        with startup.application():
            meant, asking = _asked(definition, event_code)
            pdf.write(path, printing.render(meant, language, asking))
    except (EventNotFoundError, pdf.RenderingError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error
    click.echo(f"Wrote {click.format_filename(path)} ({path.stat().st_size // 1024 or 1} KB), in {language}.")


def _asked(definition: Definition, event_code: str | None) -> tuple[Definition, Asking]:
    with db.reading() as session:
        if event_code is None:
            return definition, printouts.of_nobody(session)
        return printouts.at_event(session, find(session, event_code), definition)
