from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import panels
    from mande.events.records import erasing
    from mande.followup import clockwork
    from mande.followup import telling
    from mande.followup.desk import action_panels
    from mande.followup.held import holding
    from mande.reports import erasing as reports_erasing
    from mande.reports import portfolio
    from mande.reports import rendering
    from mande.reports import spoken
    from mande.reports.composing import composing_views
    from mande.reports.editions import action_panel
    from mande.reports.editions import edition_views
    from mande.reports.editions import issuing
    from mande.reports.editions import notices
    from mande.reports.looks import look_views
    from mande.reports.panel import render
    from mande.reports.partners import letters as partner_letters
    from mande.reports.partners import partner_views
    from mande.reports.partners import views as reader_views
    from mande.reports.reach import panel as reach_panel
    from mande.reports.reach import reach_views
    from mande.reports.reviewing import comment_views
    from mande.reports.telling import letters as telling_letters
    from mande.reports.telling import telling_views
    from mande.reports.thanking import due
    from mande.reports.thanking import letters as thanking_letters
    from mande.reports.thanking import views as outcome_views
    from mande.reports.thanking import wordings
    from mande.reports.views import blueprint
    from mande.reports.web import public
    from mande.reports.web import results_views
    from mande.web import csrf

    csrf.exempt(reader_views.blueprint)
    blueprints = (blueprint, edition_views.blueprint, partner_views.blueprint, reader_views.blueprint,
                  outcome_views.blueprint, reach_views.blueprint, telling_views.blueprint,
                  comment_views.blueprint, composing_views.blueprint, results_views.blueprint,
                  public.blueprint, look_views.blueprint)  # fmt: skip
    for one in blueprints:
        app.register_blueprint(one)
    panels.register(app, 40, render)
    panels.register(app, 45, reach_panel.render)
    action_panels.register(app, 40, action_panel.render)
    telling.register(app, notices.tell)
    holding.register(app, 50, reports_erasing.tell)
    erasing.register(app, reports_erasing.erase)
    partner_letters.init_app(app)
    telling_letters.init_app(app)
    thanking_letters.init_app(app)
    wordings.init_app(app)
    rendering.init_app(app)
    portfolio.init_app(app)
    issuing.init_app(app)
    clockwork.register(app, clockwork.Job("thank owners", due.run, due.EVERY))
    spoken.init_app(app)
