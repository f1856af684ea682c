from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.mail import workers
    from mande.mail.incoming import views
    from mande.web import csrf

    csrf.exempt(views.blueprint)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["workers_quiet"] = workers.quiet_for
