"""The neutral page to which "Leave this page" leads: it names no event, and has the browser forget what it can."""

from flask import Blueprint
from flask import Response
from flask import g
from flask import make_response
from flask import render_template
from flask import request
from flask_babel import refresh

from mande import languages

# Not cookies: these pages set none, and whoever is signed in as staff in the same browser stays so.
FORGET = '"cache", "storage"'

blueprint = Blueprint("leaving", __name__)


@blueprint.get("/left")
def left() -> Response:
    """What is left on the screen of a shared computer."""
    wishes = [request.args.get("lang"), *request.accept_languages.values()]
    g.language = languages.suitable(wishes) or languages.SOURCE
    refresh()
    page = make_response(render_template("surveys/left.html"))
    page.headers["Clear-Site-Data"] = FORGET
    return page
