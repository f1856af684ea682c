"""`mande questionnaire`: questionnaires as files, outside any event."""

import click

from mande.surveys import version_commands
from mande.surveys.paper.commands import paper
from mande.surveys.xlsform import commands as xlsform


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
