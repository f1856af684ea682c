"""What staff see of a questionnaire's versions: what changed from one to another. See also `translation_views` and
`preview_views`, whose pages are of the same blueprint.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import Flask
from flask import abort
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import db
from mande.surveys.authoring import difference
from mande.surveys.authoring import held
from mande.surveys.authoring import rewording
from mande.surveys.authoring import speech
from mande.surveys.authoring.changes import Effect
from mande.surveys.authoring.held import Held

blueprint = Blueprint("surveys_versions", __name__, url_prefix="/staff/questionnaires/<code>")


@blueprint.get("/difference", endpoint="difference")
def show_difference(code: str) -> str:
    """What changed from version `old` to version `new`; without these, from the version before the newest."""
    with db.reading() as session:
        found = wanted(session, code)
    new = held.choose(found, request.args.get("new"))
    following = found.index(new) + 1 if new else 0
    old = held.choose(found, request.args.get("old"), min(following, len(found) - 1))
    if new is None or old is None:
        abort(404)
    return render_template(
        "surveys/versions/difference.html",
        code=code,
        versions=found,
        old=old,
        new=new,
        difference=difference.between(old.data, new.data),
        effects=Effect,
    )


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    """What the templates of this blueprint may call."""
    return {
        "direction": speech.direction,
        "name_of": speech.name,
        "pairs": _pairs,
        "pieces": rewording.pieces,
        "trail": _trail,
    }


def _pairs(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Languages to choose from: the code, and what each calls itself."""
    return [(code, speech.name(code)) for code in codes]


def _trail(code: str) -> list[tuple[str, str]]:
    """The pages above those of one questionnaire."""
    index, show = url_for("surveys_editor.index"), url_for("surveys_editor.show", code=code)
    return [(_("Questionnaires"), index), (code, show)]


def wanted(session: Session, code: str) -> list[Held]:
    """The draft and the versions of the questionnaire; 404 where there is none."""
    found = held.everything(session, code)
    if not found:
        abort(404)
    return found


def init_app(app: Flask) -> None:
    """Registers the pages of this module and of the two beside it."""
    from mande.surveys.authoring import preview_views as preview_views
    from mande.surveys.authoring import translation_views as translation_views

    app.register_blueprint(blueprint)
