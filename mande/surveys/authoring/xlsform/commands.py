"""`mande questionnaire export` and `import`: questionnaires as XLSForms."""

from collections.abc import Sequence
from pathlib import Path

import click

from mande import workbooks
from mande.events.kinds import Role
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.xlsform import reading
from mande.surveys.authoring.xlsform import writing
from mande.surveys.authoring.xlsform.carried import Difference
from mande.surveys.authoring.xlsform.reading import FormError
from mande.surveys.wanted import wanted
from mande.workbooks import WorkbookError

File = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("code", metavar="CODE")
@click.option("--xlsform", "path", type=File, required=True, help="The workbook (.xlsx) to write.")
def export(code: str, path: Path) -> None:
    """Write a questionnaire as an XLSForm, for KoboToolbox, ODK, Ona and other programs of the field.

    What other programs will not do with it as Mande does is listed. Mande itself reads the form back the same.

    \b
      mande questionnaire export participants --xlsform participants.xlsx
    """
    tables, differences = writing.write(wanted(code))
    try:
        path.write_bytes(workbooks.write(tables))
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from error
    click.echo(f"Wrote {click.format_filename(path)}.")
    _list("What other programs do otherwise:", differences)


@click.command("import")
@click.argument("path", metavar="FILE.xlsx", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=File, required=True, help="The YAML file to write. It must not be there yet.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.PARTICIPANT.value,
    show_default=True,
    help="Whom it asks, where the form does not say.",
)
def import_(path: Path, target: Path, role: str) -> None:
    """Make a questionnaire of an XLSForm, and list what could not be carried over and what is still to do.

    \b
      mande questionnaire import baseline.xlsx --to questionnaires/baseline.yaml
    """
    try:
        found = reading.read(workbooks.read(path.read_bytes()), path.stem, role)
        with target.open("x", encoding="utf-8") as file:
            file.write(yamltext.dump(shape.normal(found.data)))
    except (FormError, WorkbookError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    except FileExistsError:
        raise click.ClickException(f"{target} is there already. Name another file, or remove it first.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename} could not be used: {error.strerror}.") from error
    click.echo(f"Wrote {click.format_filename(target)}.")
    _list("What could not be carried over, and what was done instead:", found.differences)
    _list("What is still to do before it can be used:", [f"{problem}." for problem in found.problems])


def _list(heading: str, lines: Sequence[Difference | str]) -> None:
    if lines:
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"  - {line}")
