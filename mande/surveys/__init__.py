from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import asking
    from mande.events import leaving
    from mande.events import marking
    from mande.events import newcomers
    from mande.events import panels
    from mande.events.records import erasing
    from mande.events.records import merging
    from mande.surveys import discreet
    from mande.surveys import erasing as surveys_erasing
    from mande.surveys import leaving as surveys_leaving
    from mande.surveys import merging as surveys_merging
    from mande.surveys import operations
    from mande.surveys import panel
    from mande.surveys import rewriting
    from mande.surveys import staff_views
    from mande.surveys import uninvited
    from mande.surveys import wordings
    from mande.surveys.answering import views
    from mande.surveys.authoring import editor
    from mande.surveys.authoring import versions_views
    from mande.surveys.authoring.xlsform import views as xlsform_views
    from mande.surveys.desk import views as desk_views
    from mande.surveys.mailings import views as mailings_views
    from mande.surveys.mailings import waiting_views
    from mande.surveys.mailings import words_views
    from mande.surveys.paper import views as paper_views
    from mande.surveys.room import claim_views
    from mande.surveys.room import views as room_views

    views.init_app(app)
    app.register_blueprint(staff_views.blueprint)
    editor.init_app(app)
    versions_views.init_app(app)
    app.register_blueprint(xlsform_views.blueprint)
    app.register_blueprint(paper_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.register_blueprint(room_views.blueprint)
    claim_views.init_app(app)
    app.register_blueprint(mailings_views.blueprint)
    app.register_blueprint(waiting_views.blueprint)
    app.register_blueprint(words_views.blueprint)
    panels.register(app, 10, panel.render)
    asking.register(app, operations.asking)
    newcomers.register(app, uninvited.count)
    merging.register(app, "surveys", surveys_merging.PART)
    leaving.register(app, surveys_leaving.PART)
    erasing.register(app, surveys_erasing.erase)
    rewriting.init_app(app)
    wordings.init_app(app)
    marking.register_on_discreet(app, discreet.align)
