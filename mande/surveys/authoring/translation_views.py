"""The translator's view of a draft: side by side, saved as a whole, and the same as a spreadsheet."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from mande import db
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.authoring import held
from mande.surveys.authoring import speech
from mande.surveys.authoring import texts
from mande.surveys.authoring import translating
from mande.surveys.authoring import translation_sheets
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor.drafts import DraftError
from mande.surveys.authoring.editor.drafts import StaleError
from mande.surveys.authoring.editor.pages import revision
from mande.surveys.authoring.held import Held
from mande.surveys.authoring.translating import Plan
from mande.surveys.authoring.translating import State
from mande.surveys.authoring.translating import Wish
from mande.surveys.authoring.translation_sheets import TranslationFileError
from mande.surveys.authoring.versions_views import blueprint
from mande.surveys.authoring.versions_views import wanted

# Beside the field of each text stands a mark of what it held when the page was drawn.
TYPED, DRAWN = "t-", "w-"
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Page = str | tuple[str, int] | AnyResponse


@blueprint.get("/translations")
def translations(code: str) -> Page:
    """Every text of the draft (or, read only, of a version) in two languages."""
    return _view(code, _held(code))


@blueprint.post("/translations")
@needs(StaffRole.MANAGER)
def save_translations(code: str) -> Page:
    """Saves what is right; what is wrong is shown again with the reason. Nobody else's work is saved over."""
    draft = _draft(code)
    target = request.form.get("target", "")
    planned = translating.plan(draft.data, _typed(target), emptying=True)
    typed = {change.wish.key: change.wish.text for change in planned.changes}
    right = Plan(tuple(change for change in planned.changes if change.state is not State.REFUSED))
    reasons = {change.wish.key: change.reason for change in planned.refused}
    try:
        _save(code, target, right)
    except StaleError:
        return _view(code, _held(code), typed, reasons, stale=True), 409
    except DraftError as error:
        flash(str(error), "warning")
        return _back(code)
    if reasons:
        return _view(code, _held(code), typed, reasons), 422
    number = len(right.effective)
    told = ngettext("%(num)s text is saved.", "%(num)s texts are saved.", number)
    flash(told if number else _("Nothing had changed."), "success" if number else "note")
    return _back(code)


@blueprint.post("/translations/reviewed")
@needs(StaffRole.MANAGER)
def review(code: str) -> Page:
    """Takes a language off the list of those that were translated by machine."""
    language = request.form.get("target", "")
    try:
        with db.transaction() as session:
            draft = drafts.get(session, code)
            if draft is None or language not in translating.machine_made(draft.definition):
                abort(404)
            drafts.change(
                session,
                code,
                revision(),
                f"{language} reviewed",
                lambda data: translating.reviewed(data, language),
            )
            audit.record(session, "translation reviewed", code, {"language": language})
    except DraftError as error:
        flash(str(error), "warning")
    else:
        flash(_("%(language)s counts as reviewed now.", language=speech.name(language)), "success")
    return _back(code)


@blueprint.get("/translations/export")
def export_translations(code: str) -> Response:
    """The spreadsheet for a translator, `format` xlsx or csv, with the languages named by `target` or all."""
    chosen = _held(code)
    known = texts.languages(chosen.data)
    source = request.args.get("source", "")
    source = source if source in known else known[0]
    targets = [one for one in known if one != source and one in (request.args.getlist("target") or known)]
    rows = translation_sheets.table(chosen.data, source, targets, missing=request.args.get("only") == "missing")
    kind = "csv" if request.args.get("format") == "csv" else "xlsx"
    made = translation_sheets.as_csv(rows) if kind == "csv" else translation_sheets.as_workbook(rows, source, targets)
    response = Response(made, mimetype=TYPES[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"{code}-{'-'.join(targets) or source}.{kind}")
    return response


@blueprint.get("/translations/import")
@needs(StaffRole.MANAGER)
def import_translations(code: str) -> Page:
    """The form for sending a spreadsheet back."""
    return render_template("surveys/versions/import.html", code=code, draft=_draft(code), problem="")


@blueprint.post("/translations/import")
@needs(StaffRole.MANAGER)
def check_translations(code: str) -> Page:
    """What a spreadsheet would change. Nothing is kept of it but what the page itself holds, to be confirmed."""
    draft = _draft(code)
    file = request.files.get("file")
    content = file.read() if file else b""
    try:
        if not content:
            raise TranslationFileError(_("Choose the file that came back from the translator."))
        sent = translation_sheets.read(content, draft.data)
    except TranslationFileError as error:
        return render_template("surveys/versions/import.html", code=code, draft=draft, problem=str(error)), 422
    planned = translating.plan(draft.data, sent.wishes)
    wishes = [[one.wish.key, one.wish.language, one.new] for one in planned.effective]
    return render_template(
        "surveys/versions/import_check.html",
        code=code,
        draft=draft,
        plan=planned,
        ignored=sent.ignored,
        wishes=json.dumps(wishes, ensure_ascii=False),
        title=_title(draft.data),
    )


@blueprint.post("/translations/import/confirm")
@needs(StaffRole.MANAGER)
def confirm_translations(code: str) -> Page:
    """Takes in what the page before has shown, all of it or nothing."""
    draft = _draft(code)
    planned = translating.plan(draft.data, _confirmed())
    if planned.refused:
        flash(_("Nothing was taken in: the draft has changed meanwhile. Please send the file again."), "warning")
        return redirect(url_for("surveys_versions.import_translations", code=code), 303)
    try:
        _save(code, ", ".join(planned.languages), planned)
    except DraftError as error:
        flash(_("Nothing was taken in: %(why)s Please send the file again.", why=str(error)), "warning")
        return redirect(url_for("surveys_versions.import_translations", code=code), 303)
    number = len(planned.effective)
    flash(ngettext("%(num)s text is taken in.", "%(num)s texts are taken in.", number), "success")
    return _back(code)


def _save(code: str, languages: str, planned: Plan) -> None:
    if not planned.effective:
        return
    with db.transaction() as session:
        drafts.change(
            session,
            code,
            revision(),
            f"{len(planned.effective)} texts in {languages}",
            lambda data: translating.carried_out(data, planned),
        )


def _typed(target: str) -> Iterator[Wish]:
    """What was typed into the fields of the page. What was not touched asks for nothing: somebody else may have."""
    for name, text in request.form.items():
        key = name.removeprefix(TYPED)
        if name.startswith(TYPED) and request.form.get(DRAWN + key) != translating.mark(text):
            yield Wish(key, target, text)


def _confirmed() -> list[Wish]:
    try:
        found = json.loads(request.form.get("wishes", ""))
        return [Wish(str(key), str(language), str(text)) for key, language, text in found]
    except (RecursionError, TypeError, ValueError):
        abort(400)


def _view(
    code: str,
    chosen: Held,
    typed: dict[str, str] | None = None,
    reasons: dict[str, str] | None = None,
    stale: bool = False,
) -> str:
    """The page; `typed` is what could not be saved, `reasons` why."""
    values, known = request.values, texts.languages(chosen.data)
    source = values.get("source", "")
    source = source if source in known else known[0]
    targets = [language for language in known if language != source]
    target = values.get("target", "")
    target = target if target in targets else next(iter(targets), "")
    lines = translating.lines(chosen.data)
    missing = [line for line in lines if target not in line.said]
    only, typed = values.get("only") == "missing", typed or {}
    shown = [line for line in lines if not only or line in missing or line.key in typed] if target else []
    return render_template(
        "surveys/versions/translations.html",
        code=code,
        title=_title(chosen.data),
        held=chosen,
        source=source,
        target=target,
        languages=known,
        targets=targets,
        only=only,
        lines=shown,
        progress={one: (sum(one in line.said for line in lines), len(lines)) for one in targets},
        machine_made=translating.machine_made(chosen.data),
        typed=typed,
        reasons=reasons or {},
        stale=stale,
        speech=speech,
        mark=translating.mark,
    )


def _held(code: str) -> Held:
    """The draft; where there is none, the version that is asked for, or the newest."""
    with db.reading() as session:
        chosen = held.choose(wanted(session, code), request.values.get("version"))
    return chosen or abort(404)


def _draft(code: str) -> Held:
    with db.reading() as session:
        chosen = wanted(session, code)[0]
    return chosen if chosen.is_draft else abort(404)


def _title(data: dict[str, Any]) -> str:
    first = texts.languages(data)[0]
    return next(iter(texts.said(data.get("title"), first).values()), "")


def _back(code: str) -> AnyResponse:
    kept: dict[str, Any] = {name: value for name in ("source", "target", "only") if (value := request.form.get(name))}
    return redirect(url_for("surveys_versions.translations", code=code, **kept), 303)
