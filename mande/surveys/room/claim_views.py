"""Where the code on a card leads. Looking changes nothing; the button uses the code up and opens the questionnaire."""

from flask import Blueprint
from flask import Flask
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import refresh
from werkzeug.wrappers import Response

from mande import db
from mande import languages
from mande.surveys.room import codes
from mande.surveys.room.codes import BegunError
from mande.surveys.room.codes import CodeError
from mande.web import csrf

blueprint = Blueprint("surveys_cards", __name__, url_prefix="/c/<code>")


@blueprint.get("", strict_slashes=False)
def look(code: str) -> str:
    """The same page for every code, so that nobody learns from it which there are."""
    _speak()
    return render_template("surveys/room/claim.html", code=code, problem=None)


@blueprint.post("")
def use(code: str) -> Response | tuple[str, int]:
    """Leads to the questionnaire, by a link that nobody has seen before."""
    _speak()
    try:
        with db.transaction() as session:
            token = codes.claim(session, code)
    except BegunError:
        return render_template("surveys/room/claim.html", code=code, problem="begun"), 409
    except CodeError:
        return render_template("surveys/room/claim.html", code=code, problem="unknown"), 404
    chosen = {"lang": g.language} if request.args.get("lang") else {}
    return redirect(url_for("surveys.welcome", token=token, **chosen), 303)


def _speak() -> None:
    wishes = [request.args.get("lang"), *request.accept_languages.values()]
    g.language = languages.suitable(wishes) or languages.SOURCE
    refresh()


def init_app(app: Flask) -> None:
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
