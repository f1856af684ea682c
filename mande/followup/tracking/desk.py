"""Where the team works on actions one by one: the pages that this room adds to the application."""

from flask import Flask

from mande.events.describing import outcomes
from mande.followup.tracking import action_views
from mande.followup.tracking import recording_views
from mande.followup.tracking import reminder_views
from mande.followup.tracking import reminding
from mande.followup.tracking import team_action_views
from mande.followup.tracking import theme_views
from mande.followup.tracking import themes

_VIEWS = (action_views, recording_views, reminder_views, team_action_views, theme_views)


def init_app(app: Flask) -> None:
    for views in _VIEWS:
        app.register_blueprint(views.blueprint)
    reminding.init_app(app)
    outcomes.register(app, themes.PART)
