"""Outcomes, as in outcome harvesting: what changed in the world, and how far the events contributed to it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this room adds to the application."""
    from mande.followup.desk import action_panels
    from mande.followup.harvest import outcome_panel
    from mande.followup.harvest import outcome_views

    app.register_blueprint(outcome_views.blueprint)
    app.register_blueprint(outcome_views.of_event)
    action_panels.register(app, 30, outcome_panel.render)
