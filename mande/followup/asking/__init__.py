"""Asking owners how far they have come: when, in which words, who is never asked, and what staff change in that."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers the pages of the schedule, and what keeps it in step with people."""
    from mande.events import moving
    from mande.followup.asking import check_in_views
    from mande.followup.asking import quiet_views
    from mande.followup.asking import renewing

    app.register_blueprint(check_in_views.blueprint)
    app.register_blueprint(quiet_views.blueprint)
    moving.register_people(app, renewing.of_people)
