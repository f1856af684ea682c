"""`mande questionnaire`: questionnaires as files, outside any event."""

import click

from mande.surveys.authoring import version_commands
from mande.surveys.authoring.xlsform import commands as xlsform
from mande.surveys.paper.commands import paper


@click.group()
def questionnaire() -> None:
    """Take questionnaires to other programs and back, and print them.

    CODE is the code of a questionnaire, as `participants`, of which the newest version is meant, or the path of a file.
    """


questionnaire.add_command(xlsform.export)
questionnaire.add_command(xlsform.import_)
questionnaire.add_command(version_commands.check)
questionnaire.add_command(version_commands.diff)
questionnaire.add_command(paper)
