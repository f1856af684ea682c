"""The `mande` command. Each folder brings its own commands; this puts them together."""

import sys
from importlib import import_module

import click

from mande.config import SettingsError
from mande.keyring import KeyringError

COMMANDS = {
    "attendees": "mande.events.attendees.attendee_commands:attendees",
    "check": "mande.operating:check",
    "db": "mande.operating:database",
    "demo": "mande.demo.commands:demo",
    "edition": "mande.reports.editions.edition_commands:edition",
    "events": "mande.events.commands:events",
    "init": "mande.operating:init",
    "keys": "mande.operating:keys",
    "mail": "mande.mail.commands:mail",
    "questionnaire": "mande.surveys.questionnaire_commands:questionnaire",
    "report": "mande.reports.commands:report",
    "responses": "mande.surveys.importing.commands:responses",
    "serve": "mande.followup.commands:serve",
    "staff": "mande.staff.commands:staff",
    "survey": "mande.surveys.commands:survey",
    "translations": "mande.surveys.authoring.review_commands:translations",
    "worker": "mande.followup.commands:worker",
}


class Commands(click.Group):
    """Loads a command's module only when it is used, so that `mande --help` is quick."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def mande() -> None:
    """Monitoring and evaluation after discreet, high-level meetings.

    Settings are read from the environment and from the file .env in this folder (`mande init` writes one).
    """


def main() -> None:
    """Runs the command; what the user can put right is said in a sentence, without a traceback."""
    try:
        mande(standalone_mode=True)
    except (SettingsError, KeyringError) as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(2)
