from datetime import timedelta

from flask import Flask

IDLE = timedelta(hours=12)


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.staff import access
    from mande.staff import audit
    from mande.staff import throttle
    from mande.staff import views

    app.config["PERMANENT_SESSION_LIFETIME"] = IDLE
    access.init_app(app)
    throttle.init_app(app)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["signed_in"] = access.signed_in
    app.jinja_env.globals["may"] = access.may
    app.jinja_env.globals["may_take_answers"] = access.may_take_answers
    app.jinja_env.filters["told"] = audit.told
