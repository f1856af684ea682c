"""The editor of questionnaires for staff, in the browser."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers the editor's pages."""
    from mande.surveys.authoring.editor import adding_views as adding_views
    from mande.surveys.authoring.editor import draft_views as draft_views
    from mande.surveys.authoring.editor import pages
    from mande.surveys.authoring.editor import part_views as part_views
    from mande.surveys.authoring.editor import views as views

    app.register_blueprint(pages.blueprint)
