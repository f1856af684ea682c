"""The outline of a draft and its buttons, its check, publishing it and deleting it."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from flask import abort
from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mande import db
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys.authoring import advice
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import outline as outlines
from mande.surveys.authoring.editor import places
from mande.surveys.authoring.editor import sentences
from mande.surveys.authoring.editor import words
from mande.surveys.authoring.editor.drafts import DraftError
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.pages import blueprint
from mande.surveys.authoring.editor.pages import page
from mande.surveys.authoring.editor.pages import refused
from mande.surveys.authoring.editor.pages import revision
from mande.surveys.authoring.editor.pages import to_outline
from mande.surveys.authoring.editor.pages import wanted_draft
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires.checking import DefinitionError

Form = MultiDict[str, str]


@dataclass
class Done:
    """What a button did: the id of the part of the outline that is looked at next, and what else there is to tell."""

    at: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)


@blueprint.get("/<code>/draft")
@needs(StaffRole.VIEWER)
def outline(code: str) -> str:
    """The draft at a glance, with a button for everything that can be done to its parts."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
        last = drafts.last_change(session, draft)
        versions = catalogue.versions(session, code)
    problems = checking.problems(draft.definition | {"version": 1})
    sections = outlines.lines(draft.definition, problems)
    return page("outline.html", draft=draft, data=draft.definition, sections=sections, problems=problems, last=last,
                versions=versions)  # fmt: skip


@blueprint.post("/<code>/draft/change")
@needs(StaffRole.MANAGER)
def change(code: str) -> Response:
    """Does what the button that was pressed says, and shows the outline where it was done."""
    name = request.form.get("do", "")
    action = ACTIONS.get(name) or abort(400)
    done, said = Done(), words.actions()[name]

    def act(data: Data) -> Data:
        try:
            return action(data, request.form, done)
        except KeyError:
            done.problem = str(_("That part of the draft is no longer there."))
            return data

    try:
        with db.transaction() as session:
            drafts.change(session, code, revision(), said, act)
    except DraftError as error:
        return refused(code, error)
    flash(done.problem or said, "warning" if done.problem else "success")
    for note in done.notes:
        flash(note, "note")
    return to_outline(code, done.at)


@blueprint.post("/<code>/draft/undo")
@needs(StaffRole.MANAGER)
def undo(code: str) -> Response:
    """Takes the last change back."""
    try:
        with db.transaction() as session:
            undone = drafts.undo(session, code, revision())
    except DraftError as error:
        return refused(code, error)
    if undone is None:
        flash(_("There is nothing left to undo."), "note")
    else:
        flash(_("Taken back: %(what)s.", what=undone), "success")
    return to_outline(code)


@blueprint.get("/<code>/draft/check")
@needs(StaffRole.VIEWER)
def check(code: str) -> str:
    """What is wrong with the draft, each with a link to where it is mended; what to think about; and publishing."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
        versions = catalogue.versions(session, code)
    return _checked(draft, versions)


@blueprint.post("/<code>/draft/publish")
@needs(StaffRole.MANAGER)
def publish(code: str) -> Response:
    """Makes the draft a version, for good; refused while anything is wrong with it."""
    try:
        with db.transaction() as session:
            made = drafts.publish(session, code, revision())
    except DefinitionError:
        flash(_("It was not published: something is wrong with it."), "warning")
        return redirect(url_for("surveys_editor.check", code=code), 303)
    except drafts.UnchangedError as error:
        flash(str(error), "warning")
        return redirect(url_for("surveys_editor.check", code=code), 303)
    except DraftError as error:
        return refused(code, error)
    flash(_("Version %(number)d is published. It never changes; surveys that are opened from now on can use it.",
            number=made.version), "success")  # fmt: skip
    return redirect(url_for("surveys_editor.show", code=code), 303)


@blueprint.get("/<code>/draft/delete")
@needs(StaffRole.MANAGER)
def confirm_delete(code: str) -> str:
    """What deleting the draft means, and the button."""
    with db.reading() as session:
        draft = wanted_draft(session, code)
        versions = catalogue.versions(session, code)
    return page("delete.html", draft=draft, data=draft.definition, versions=versions)


@blueprint.post("/<code>/draft/delete")
@needs(StaffRole.MANAGER)
def delete(code: str) -> Response:
    """Deletes the draft with all that could be undone. Published versions stay."""
    try:
        with db.transaction() as session:
            drafts.discard(session, code, revision())
    except DraftError as error:
        return refused(code, error)
    flash(_("The draft is deleted. Published versions are as they were."), "success")
    return redirect(url_for("surveys_editor.index"), 303)


def _checked(draft: QuestionnaireDraft, versions: list[catalogue.Version]) -> str:
    data = draft.definition | {"version": 1}
    problems = [(problem, places.spot(data, problem.path)) for problem in checking.problems(data)]
    advised = [(one, places.spot(data, one.path)) for one in advice.advise(data)]
    number = versions[0].definition.version + 1 if versions else 1
    called = {one["code"]: sentences.called(one, one["code"], data["languages"][0]) for one in editing.questions(data)}
    return page("check.html", draft=draft, data=data, problems=problems, advised=advised, number=number,
                versions=versions, called=called)  # fmt: skip


def _add_section(data: Data, form: Form, done: Done) -> Data:
    changed, code = editing.add_section(data, " ".join(form.get("title", "").split())[:300])
    done.at = f"section-{code}"
    return changed


def _move_section(data: Data, form: Form, done: Done) -> Data:
    code = form.get("section", "")
    done.at = f"section-{code}"
    return editing.move_section(data, code, -1 if form["do"] == "section-up" else 1)


def _copy_section(data: Data, form: Form, done: Done) -> Data:
    changed, code = editing.copy_section(data, form.get("section", ""))
    done.at = f"section-{code}"
    return changed


def _remove_section(data: Data, form: Form, done: Done) -> Data:
    code = form.get("section", "")
    asked = [question["code"] for question in editing.section(data, code)["questions"]]
    changed = editing.remove_section(data, code)
    done.at = "sections"
    _tell_dependants(changed, asked, done)
    return changed


def _move_question(data: Data, form: Form, done: Done) -> Data:
    code = form.get("question", "")
    done.at = f"question-{code}"
    return editing.move_question(data, code, down=form["do"] == "question-down")


def _put_question(data: Data, form: Form, done: Done) -> Data:
    code, place = form.get("question", ""), form.get("place", "")
    done.at = f"question-{code}"
    at = int(place) if place.isascii() and place.isdecimal() and len(place) < 6 else None
    return editing.put_question(data, code, form.get("to", ""), at)


def _copy_question(data: Data, form: Form, done: Done) -> Data:
    changed, code = editing.copy_question(data, form.get("question", ""))
    done.at = f"question-{code}"
    return changed


def _remove_question(data: Data, form: Form, done: Done) -> Data:
    code = form.get("question", "")
    section = editing.section_of(data, code)["code"]
    changed = editing.remove_question(data, code)
    done.at = f"section-{section}"
    _tell_dependants(changed, [code], done)
    return changed


def _add_from_library(data: Data, form: Form, done: Done) -> Data:
    entry = library.bank().entries[form.get("entry", "")]
    question = library.bank().question(entry.code, data["languages"])
    changed, code = editing.add_question(data, form.get("section", ""), question, form.get("after") or None)
    done.at = f"question-{code}"
    lacking = sorted(set(entry.needs) - {one["code"] for one in editing.questions(data)})
    if lacking:
        done.notes.append(str(_("It is asked only after certain answers to %(codes)s, which the draft has not: add "
                                "that too, or change its condition.", codes=", ".join(lacking))))  # fmt: skip
    return changed


def _tell_dependants(data: Data, codes: list[str], done: Done) -> None:
    waiting = {name for code in codes for name in editing.dependants(data, code)}
    if waiting:
        done.notes.append(
            ngettext("%(num)s condition refers to what is no longer there: %(codes)s.",
                     "%(num)s conditions refer to what is no longer there: %(codes)s.",
                     len(waiting), codes=", ".join(sorted(waiting)))
        )  # fmt: skip


ACTIONS: Mapping[str, Callable[[Data, Form, Done], Data]] = {
    "section-add": _add_section,
    "section-up": _move_section,
    "section-down": _move_section,
    "section-copy": _copy_section,
    "section-remove": _remove_section,
    "question-up": _move_question,
    "question-down": _move_question,
    "question-put": _put_question,
    "question-copy": _copy_question,
    "question-remove": _remove_question,
    "library-add": _add_from_library,
}
