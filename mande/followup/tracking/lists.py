"""The lists of planned actions, and what is done with several actions at once: the pages that they add."""

from flask import Flask

from mande.followup.tracking import board_views
from mande.followup.tracking import bulk_views
from mande.followup.tracking import saved_views
from mande.followup.tracking import views


def init_app(app: Flask) -> None:
    for blueprint in (views.tracker, saved_views.blueprint, bulk_views.blueprint, board_views.blueprint):
        app.register_blueprint(blueprint)
