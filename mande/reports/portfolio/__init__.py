"""What all events together come to: by year and programme, against targets, for the team and for a year's report."""

from flask import Flask


def init_app(app: Flask) -> None:
    from mande.followup import clockwork
    from mande.reports.portfolio import portfolio_views
    from mande.reports.portfolio import scores
    from mande.reports.portfolio import target_views
    from mande.reports.portfolio.annual import annual_views
    from mande.reports.portfolio.annual import making
    from mande.reports.portfolio.annual import wanted
    from mande.reports.rendering import works

    app.register_blueprint(portfolio_views.blueprint)
    app.register_blueprint(target_views.blueprint)
    app.register_blueprint(annual_views.blueprint)
    clockwork.register(app, clockwork.Job("score surveys", scores.run, scores.EVERY))
    works.register(app, wanted.WORK, making.make, making.called)
