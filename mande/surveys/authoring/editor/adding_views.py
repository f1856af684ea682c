"""What can be added to a section: a question of the author's own, or a tested one from the library."""

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from mande import db
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import kinds
from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor.drafts import StaleError
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.pages import blueprint
from mande.surveys.authoring.editor.pages import drawn
from mande.surveys.authoring.editor.pages import or_gone
from mande.surveys.authoring.editor.pages import page
from mande.surveys.authoring.editor.pages import part_of
from mande.surveys.authoring.editor.pages import revision
from mande.surveys.authoring.editor.pages import wanted_draft
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires.questions import QuestionType

Drawn = Response | str | tuple[str, int]


@blueprint.get("/<code>/draft/sections/<section>/add")
@needs(StaffRole.MANAGER)
def add(code: str, section: str) -> str:
    """What can be added to a section: a new question of any type, or one from the library."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
    part_of(editing.section, draft, section)
    return _add_page(draft, section, "", "")


@blueprint.post("/<code>/draft/sections/<section>/add")
@needs(StaffRole.MANAGER)
def add_question(code: str, section: str) -> Drawn:
    """Adds a new question, and shows its page."""
    kind, text = request.form.get("type", ""), request.form.get("text", "").strip()
    made = {"code": ""}

    def how(data: Data) -> Data:
        wanted = naming.slug(text) or f"{kind}_question"
        new = kinds.new(kind, wanted, {data["languages"][0]: text} if text else {})
        changed, made["code"] = editing.add_question(data, section, new, request.form.get("after") or None)
        return changed

    def draw(problem: str) -> str:
        return drawn(code, lambda draft: _add_page(draft, section, text, problem))

    def tried() -> Drawn:
        if kind not in list(QuestionType):
            return draw(str(_("Choose what kind of question it is."))), 422
        try:
            with db.transaction() as session:
                drafts.change(session, code, revision(), _("Question added"), how)
        except StaleError as error:
            flash(_("%(why)s Nothing was added yet: what you typed is still here.", why=str(error)), "warning")
            return draw(""), 409
        return redirect(url_for("surveys_editor.question", code=code, question=made["code"]), 303)

    return or_gone(code, tried)


def _add_page(draft: QuestionnaireDraft, code: str, text: str, problem: str) -> str:
    data = draft.definition
    part = editing.section(data, code)
    words_sought, theme = request.values.get("words", "").strip()[:200], request.values.get("theme", "")
    bank = library.bank()
    theme = theme if theme in bank.themes else ""
    found = bank.search(
        words_sought, data.get("role"), theme or None, data["languages"][0], wave=data.get("wave", "event")
    )
    return page(
        "add.html",
        draft=draft,
        data=data,
        section=part,
        after=after if (after := request.values.get("after", "")) in [one["code"] for one in part["questions"]] else "",
        text=text,
        problem=problem,
        kind=request.form.get("type", ""),
        found=found if words_sought or theme else [],
        sought=words_sought,
        theme=theme,
        themes={name: title["en"] for name, title in bank.themes.items()},
        known={one["code"] for one in editing.questions(data)},
    )
