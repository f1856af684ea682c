"""Documents that are made off the request: asked for, queued, made by a worker, watched, and fetched."""

from flask import Flask


def init_app(app: Flask) -> None:
    from mande.followup import clockwork
    from mande.reports.rendering import document_views
    from mande.reports.rendering import drafts
    from mande.reports.rendering import making
    from mande.reports.rendering import sweeping
    from mande.reports.rendering import works

    app.register_blueprint(document_views.blueprint)
    works.register(app, drafts.WORK, drafts.make, drafts.called)
    clockwork.register(app, clockwork.Job("make documents", making.run, making.EVERY))
    clockwork.register(app, clockwork.Job("sweep documents", sweeping.run, sweeping.EVERY))
