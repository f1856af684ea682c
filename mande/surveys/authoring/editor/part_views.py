"""The pages of one question, one section and the settings of a draft.

Buttons that add, move or remove a line draw the page again with what was typed and save nothing; Save saves. Where
somebody else has saved meanwhile, what was typed stays on the page.
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

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
from mande.surveys.authoring.editor import part_forms
from mande.surveys.authoring.editor import question_form
from mande.surveys.authoring.editor import sentences
from mande.surveys.authoring.editor import subjects
from mande.surveys.authoring.editor import words
from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.editor.drafts import StaleError
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.authoring.editor.pages import blueprint
from mande.surveys.authoring.editor.pages import drawn
from mande.surveys.authoring.editor.pages import or_gone
from mande.surveys.authoring.editor.pages import page
from mande.surveys.authoring.editor.pages import part_of
from mande.surveys.authoring.editor.pages import revision
from mande.surveys.authoring.editor.pages import to_outline
from mande.surveys.authoring.editor.pages import wanted_draft
from mande.surveys.authoring.editor.question_form import FormError
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import library

SAVE, LABELS = "save", "labels"
Drawn = Response | str | tuple[str, int]
Draw = Callable[[QuestionnaireDraft, Any], str]


@blueprint.get("/<code>/draft/questions/<question>")
@needs(StaffRole.MANAGER)
def question(code: str, question: str) -> str:
    """The page of one question."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
    asked = part_of(editing.question, draft, question)
    return _question_page(draft, question_form.shown(asked, draft.definition["languages"][0]), question)


@blueprint.post("/<code>/draft/questions/<question>")
@needs(StaffRole.MANAGER)
def save_question(code: str, question: str) -> Drawn:
    """Saves a question, or draws its page again after a button that changes its lists."""
    typed = question_form.read(request.form)
    pressed = request.form.get("do", "")
    saved = {"code": question, "type": ""}

    def how(data: Data) -> Data:
        before = editing.question(data, question)
        changed, renaming = question_form.taken(typed, before, data["languages"][0])
        if pressed == LABELS:
            changed = _with_scale(changed, data)
        saved.update(code=renaming.to, type=before["type"])
        return _unless_taken(typed, lambda: editing.change_question(data, renaming, changed))

    def draw(draft: QuestionnaireDraft, form: Any) -> str:
        return _question_page(draft, form, question)

    shown = _save(code, _("Question changed"), how, draw, typed, (SAVE, LABELS))
    if shown is not None:
        return shown
    # Another type has other fields, which nobody has seen yet.
    if pressed == LABELS or saved["type"] != typed.type:
        return redirect(url_for("surveys_editor.question", code=code, question=saved["code"]), 303)
    return to_outline(code, f"question-{saved['code']}")


@blueprint.get("/<code>/draft/sections/<section>")
@needs(StaffRole.MANAGER)
def section(code: str, section: str) -> str:
    """The page of one section."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
    part = part_of(editing.section, draft, section)
    return _section_page(draft, part_forms.section_shown(part, draft.definition["languages"][0]), section)


@blueprint.post("/<code>/draft/sections/<section>")
@needs(StaffRole.MANAGER)
def save_section(code: str, section: str) -> Drawn:
    """Saves a section, or draws its page again after a button that changes its condition."""
    typed = part_forms.section_read(request.form)

    def how(data: Data) -> Data:
        changed = part_forms.section_taken(typed, editing.section(data, section), data["languages"][0])
        return _unless_taken(typed, lambda: editing.change_section(data, section, changed))

    def draw(draft: QuestionnaireDraft, form: Any) -> str:
        return _section_page(draft, form, section)

    return _save(code, _("Section changed"), how, draw, typed) or to_outline(code, f"section-{typed.code}")


@blueprint.get("/<code>/draft/settings")
@needs(StaffRole.MANAGER)
def settings(code: str) -> str:
    """The page of what is said about the whole questionnaire."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
    return _settings_page(draft, part_forms.settings_shown(draft.definition))


@blueprint.post("/<code>/draft/settings")
@needs(StaffRole.MANAGER)
def save_settings(code: str) -> Drawn:
    """Saves what is said about the whole questionnaire."""
    typed = part_forms.settings_read(request.form)
    allowed = {"role": list(words.roles()), "wave": list(words.waves()), "formats": list(words.formats()),
               "strata": [*words.strata(), *words.crossed()]}  # fmt: skip

    def how(data: Data) -> Data:
        return editing.change_settings(data, part_forms.settings_taken(typed, data, allowed))

    return _save(code, _("Settings changed"), how, _settings_page, typed) or to_outline(code)


def _save(
    code: str, done: str, how: Callable[[Data], Data], draw: Draw, typed: Any, pressed: Sequence[str] = (SAVE,)
) -> Drawn | None:
    """Saves what `how` makes of the draft and returns None; or the page with what was typed, where nothing is saved."""

    def tried() -> Drawn | None:
        if request.form.get("do") not in pressed:
            return drawn(code, lambda draft: draw(draft, typed))
        try:
            with db.transaction() as session:
                drafts.change(session, code, revision(), done, how)
        except FormError as error:
            entered = error.form
            return drawn(code, lambda draft: draw(draft, entered)), 422
        except StaleError as error:
            flash(_("%(why)s Yours is not saved yet, and still here. Look below at what is saved now; Save again puts "
                    "yours in its place.", why=str(error)), "warning")  # fmt: skip
            return drawn(code, lambda draft: draw(draft, typed)), 409
        flash(done, "success")
        return None

    return or_gone(code, tried)


def _unless_taken(typed: Any, change: Callable[[], Data]) -> Data:
    """The changed draft. Raises FormError where another part has the code already."""
    try:
        return change()
    except ValueError as error:
        raise FormError(_with_error(typed, "code", str(error))) from None


def _with_error(typed: Any, name: str, message: str) -> Any:
    return replace(typed, errors={**typed.errors, name: message})


def _with_scale(changed: Part, data: Data) -> Part:
    name = request.form.get("scale", "")
    if name not in library.bank().scales:
        return changed
    options = [{**one, "code": str(one["code"])} for one in library.bank().scale(name, data["languages"])]
    return {**changed, "options": options}


def _stored(part: Part) -> str:
    """What is saved of a part now, without the questions of a section."""
    return yamltext.dump({name: value for name, value in part.items() if name != "questions"})


def _question_page(draft: QuestionnaireDraft, form: question_form.QuestionForm, code: str) -> str:
    data = draft.definition
    asked = editing.question(data, code)
    bank = library.bank()
    scales = {name: bank.scale(name, ["en"]) for name in bank.scales}
    fixed = {
        name: [option["label"]["en"] for option in options]
        for name, options in scales.items()
        if [str(option["code"]) for option in options] == [str(step) for step in range(1, 6)]
    }
    return page(
        "question.html",
        draft=draft,
        data=data,
        question=asked,
        section=editing.section_of(data, code),
        form=form,
        subjects={one.what: one for one in subjects.subjects(data, asked)},
        scales=fixed if "steps" in form.fields else {},
        saved_condition=sentences.said(asked.get("ask_if"), data),
        stored=_stored(asked),
    )


def _section_page(draft: QuestionnaireDraft, form: part_forms.SectionForm, code: str) -> str:
    data = draft.definition
    part = editing.section(data, code)
    found = {one.what: one for one in subjects.subjects(data, part)}
    return page("section.html", draft=draft, data=data, section=part, form=form, subjects=found, stored=_stored(part))


def _settings_page(draft: QuestionnaireDraft, form: part_forms.SettingsForm) -> str:
    data = draft.definition
    stored = yamltext.dump({name: value for name, value in data.items() if name != "sections"})
    return page("settings.html", draft=draft, data=data, form=form, stored=stored)
