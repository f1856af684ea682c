"""How a year's report is worked out, in sentences."""

from flask_babel import gettext as _

from mande.reports.kinds import Level


def method(level: str) -> list[str]:
    """The sentences for a report of this level, in the language that is spoken."""
    return [*_always(), *(_openly() if level == Level.PUBLIC.value else _internal())]


def _always() -> list[str]:
    return [
        _("An event belongs to the year in which its first meeting began, by its own clocks."),
        _("Only events that are over count."),
        _("The response is that to the questionnaires right after the event. Events that do not know how many were "
          "asked are left out of it."),
        _("Questions are compared if their code, type and options are the same, whatever the wording."),
        _("A mean is that of all answers together, not the mean of the events’ means."),
        _("Favourable are the two highest of five or seven options, and every yes."),
        _("The net promoter score is the share of 9 and 10 less that of 0 to 6, in points."),
        _("Means of five options: 4.50 and over excellent, 4.00 good, 3.50 acceptable."),
    ]  # fmt: skip


def _internal() -> list[str]:
    return [
        _("Actions are those that people planned. Where nothing was heard since, an action counts neither as done nor "
          "as failed."),
    ]  # fmt: skip


def _openly() -> list[str]:
    return [
        _("Scores are added up from the least and the greatest that each event’s public report allows. They tell "
          "nothing that these reports together do not."),
        _("Who was there is added up in the same way, and actions from the public reports that are published."),
        _("No figure rests on fewer than three events."),
    ]  # fmt: skip
