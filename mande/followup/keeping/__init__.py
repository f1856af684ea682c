"""Files that show what came of an action, all that is held about somebody, and how both are erased."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this room adds to the application."""
    from mande.events.records import erasing as erasing_people
    from mande.followup.desk import action_panels
    from mande.followup.desk import file_views
    from mande.followup.held import held_pages
    from mande.followup.held import held_plans
    from mande.followup.held import held_record
    from mande.followup.held import holding
    from mande.followup.keeping import erasing
    from mande.followup.keeping import serving
    from mande.followup.keeping import wishes
    from mande.followup.owning import file_pages
    from mande.web import csrf

    for pages in (file_pages, held_pages):
        csrf.exempt(pages.blueprint)
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(file_views.blueprint)
    app.url_value_preprocessors.setdefault(None, []).append(serving.let_files_in)
    action_panels.register(app, 20, file_views.panel)
    wishes.init_app(app)
    erasing_people.register(app, erasing.erase)
    holding.register(app, 10, held_record.tell_person)
    holding.register(app, 20, held_record.tell_surveys)
    holding.register(app, 30, held_record.tell_messages)
    holding.register(app, 40, held_plans.tell)
