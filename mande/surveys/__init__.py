from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import asking
    from mande.events import panels
    from mande.surveys import operations
    from mande.surveys import panel
    from mande.surveys import staff_views
    from mande.surveys import views

    views.init_app(app)
    app.register_blueprint(staff_views.blueprint)
    panels.register(app, 10, panel.render)
    asking.register(app, operations.asking)
