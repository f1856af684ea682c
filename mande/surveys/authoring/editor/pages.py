"""What all pages of the editor share: the draft of an address, its revision, and what happens when it has moved on."""

from collections.abc import Callable
from typing import Any
from typing import TypeVar

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import words
from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.editor.drafts import DraftError
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.models import QuestionnaireDraft

blueprint = Blueprint("surveys_editor", __name__, url_prefix="/staff/questionnaires")

R = TypeVar("R")
HIDDEN = frozenset({"csrf_token", "revision", "do"})


def wanted_draft(session: Session, code: str) -> QuestionnaireDraft:
    """The draft of a page's address; 404 where there is none."""
    draft = drafts.get(session, code)
    if draft is None:
        abort(404)
    return draft


def revision() -> int:
    """The revision that the sender of a form saw; 0, which no draft has, where the form says none."""
    said = request.form.get("revision", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def page(template: str, **values: Any) -> str:
    """A page of the editor with the words that it needs."""
    return render_template(f"surveys/editor/{template}", words=words.of_page(), **values)


def to_outline(code: str, at: str = "") -> Response:
    """Back to the draft's outline, to the section or question with the id `at`."""
    return redirect(url_for("surveys_editor.outline", code=code) + (f"#{at}" if at else ""), 303)


def refused(code: str, error: DraftError) -> Response:
    """Says why a button did nothing, and shows how things are now."""
    flash(_("%(why)s Nothing was done: look at it as it is now, and do it again if it is still right.", why=str(error)),
          "warning")  # fmt: skip
    if isinstance(error, drafts.StaleError):
        return to_outline(code)
    return redirect(url_for("surveys_editor.index"), 303)


def part_of(find: Callable[[Data, str], Part], draft: QuestionnaireDraft, code: str) -> Part:
    """The section or question of a page's address; 404 where there is none."""
    try:
        return find(draft.definition, code)
    except KeyError:
        abort(404)


def drawn(code: str, draw: Callable[[QuestionnaireDraft], str]) -> str:
    """A page of the draft as it is now. Raises DraftError where it is gone."""
    with db.reading() as session:
        draft = drafts.get(session, code)
    if draft is None:
        raise DraftError(str(_("The draft of %(code)s is gone: it was published or deleted meanwhile.", code=code)))
    return draw(draft)


def or_gone(code: str, tried: Callable[[], R]) -> R | tuple[str, int]:
    """What `tried` returns; where the draft or its part is no longer there, what was typed, to be copied."""
    try:
        return tried()
    except DraftError as error:
        return gone(code, str(error))
    except KeyError:
        return gone(code, str(_("This part of the draft was removed meanwhile, or has another code now.")))


def gone(code: str, why: str) -> tuple[str, int]:
    """What was typed on a page that can no longer be saved, to be copied elsewhere."""
    said = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.form.lists()
        if name not in HIDDEN and any(values) and not name.endswith("-was")
    }
    return page("gone.html", code=code, why=why, typed=yamltext.dump(said)), 409


blueprint.add_app_template_filter(words.field_name, "field_name")
