from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import asking
    from mande.events import panels
    from mande.surveys import operations
    from mande.surveys import panel
    from mande.surveys import staff_views
    from mande.surveys.answering import views
    from mande.surveys.authoring import editor
    from mande.surveys.authoring import versions_views
    from mande.surveys.authoring.xlsform import views as xlsform_views
    from mande.surveys.desk import views as desk_views
    from mande.surveys.paper import views as paper_views

    views.init_app(app)
    app.register_blueprint(staff_views.blueprint)
    editor.init_app(app)
    versions_views.init_app(app)
    app.register_blueprint(xlsform_views.blueprint)
    app.register_blueprint(paper_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    panels.register(app, 10, panel.render)
    asking.register(app, operations.asking)
