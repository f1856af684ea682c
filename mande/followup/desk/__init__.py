"""Where the team works on actions one by one: what it was told, what it verified, notes, reminders, themes, its own."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers the pages of this room, and what it does by itself."""
    from mande.events.describing import outcomes
    from mande.followup.desk import action_panels
    from mande.followup.desk import action_views
    from mande.followup.desk import colleague_views
    from mande.followup.desk import colleagues
    from mande.followup.desk import recording_views
    from mande.followup.desk import reminder_views
    from mande.followup.desk import reminding
    from mande.followup.desk import team_action_views
    from mande.followup.desk import theme_views
    from mande.followup.desk import themes

    for views in (action_views, colleague_views, recording_views, reminder_views, team_action_views, theme_views):
        app.register_blueprint(views.blueprint)
    action_panels.register(app, 10, colleagues.render)
    reminding.init_app(app)
    outcomes.register(app, themes.PART)
