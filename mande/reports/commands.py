"""`mande report`: the report on an event, as PDF and JSON."""

from pathlib import Path

import click

from mande import create_app
from mande import db
from mande.events.operations import EventNotFoundError
from mande.languages import INTERFACE
from mande.languages import SOURCE
from mande.pdf import RenderingError
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper

File = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("event", metavar="EVENT")
@click.option(
    "--edition",
    type=click.Choice([kind.value for kind in EditionKind]),
    default="partner",
    show_default=True,
    help="For whom: internal has the full counts; the others disclose nobody.",
)
@click.option("--language", type=click.Choice(INTERFACE), default=SOURCE, show_default=True)
@click.option("--paper", type=click.Choice([paper.value for paper in Paper]), help="Instead of the paper composed for.")
@click.option("--pdf", "pdf_path", type=File, help="Write the report as PDF to this file.")
@click.option("--json", "json_path", type=File, help="Write the same report as data to this file.")
def report(
    event: str, edition: str, language: str, paper: str | None, pdf_path: Path | None, json_path: Path | None
) -> None:
    """Make the report on EVENT (its code), as PDF, JSON or both.

    The surveys must be closed first: until then nobody can read an answer.

    \b
      mande report WP1873v --pdf WP1873v.pdf
      mande report WP1873v --edition internal --json WP1873v.json
      mande report WP1873v --edition summary --language ar --paper letter --pdf summary.pdf

    docs/report-json.md explains the JSON, field by field.
    """
    if not pdf_path and not json_path:
        raise click.UsageError("Say where the report should go: --pdf FILE, --json FILE, or both.")
    try:
        with create_app().app_context():
            with db.reading() as session:
                wanted = Paper(paper) if paper else None
                document = operations.document_of(session, event, EditionKind(edition), language, wanted)
                looks = operations.files_of(session, document)
            if pdf_path:
                click.echo("Rendering the PDF; this takes a few seconds.", err=True)
            operations.write(document, pdf_path, json_path, looks)
    except (EventNotFoundError, operations.NothingToReportError, RenderingError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename} could not be written: {error.strerror}.") from error
    for path in filter(None, (pdf_path, json_path)):
        click.echo(f"Wrote {click.format_filename(path)} ({path.stat().st_size // 1024 or 1} KB), {edition} edition.")
