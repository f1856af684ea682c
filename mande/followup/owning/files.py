"""Receiving files that show what came of an action, from its owners and from the team."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from mande.followup import history
from mande.followup.keeping import files
from mande.followup.keeping import filetypes
from mande.followup.keeping.filetypes import FileError
from mande.followup.keeping.filetypes import Problem
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.web import settings


def receive(session: Session, link: FollowupLink, action: PlannedAction, uploads: Sequence[FileStorage]) -> list[str]:
    """Keeps the files that an owner sends for one of their actions; returns what is wrong with the others, in words.

    Fields that were left empty are passed over. The good ones are kept, whatever is wrong with the rest.
    """
    errors: list[str] = []
    for upload in files.sent(uploads):
        kept = _added(session, action, upload, errors, link_id=link.id)
        if kept:
            history.by_owner(session, action, link, "file added", {"file": [None, files.told(kept)]})
    return errors


def receive_from_team(session: Session, email: str, action: PlannedAction, uploads: Sequence[FileStorage]) -> list[str]:
    """The same for files that the member of the team with this address sends."""
    errors: list[str] = []
    for upload in files.sent(uploads):
        kept = _added(session, action, upload, errors, added_by=email)
        if kept:
            history.by_team(session, action, email, "file added", {"file": [None, files.told(kept)]})
    return errors


def remove(session: Session, link: FollowupLink, action: PlannedAction, file: EvidenceFile) -> None:
    """Deletes a file of an action: any of its owners may, whoever has added it."""
    history.by_owner(session, action, link, "file removed", {"file": [files.told(file), None]})
    _delete(session, action, file)


def remove_for_team(session: Session, email: str, action: PlannedAction, file: EvidenceFile) -> None:
    """The same for the member of the team with this address."""
    history.by_team(session, action, email, "file removed", {"file": [files.told(file), None]})
    _delete(session, action, file)


def limits() -> str:
    """What may be sent, in a sentence or two for whoever chooses a file."""
    return str(
        _(
            "A PDF, a photograph (JPEG, PNG, WebP), a Word, Excel, PowerPoint or OpenDocument file without macros, or "
            "plain text, of up to %(size)s MB.",
            size=settings().evidence_limit_mb,
        )
    )


def _delete(session: Session, action: PlannedAction, file: EvidenceFile) -> None:
    action.files.remove(file)
    session.flush()


def _added(
    session: Session, action: PlannedAction, upload: FileStorage, errors: list[str], **by: Any
) -> EvidenceFile | None:
    try:
        return files.add(session, action, upload, **by)
    except FileError as error:
        errors.append(_words(filetypes.cleaned(upload.filename or ""), error.problem))
    except files.FullError:
        name = filetypes.cleaned(upload.filename or "")
        told = _("“%(name)s” was not added: an action can have %(most)s files.", name=name, most=files.MOST_FILES)
        errors.append(str(told))
    return None


def _words(name: str, problem: Problem) -> str:
    values = {"name": name, "size": settings().evidence_limit_mb}
    words: dict[Problem, str] = {
        Problem.EMPTY: _("“%(name)s” was not added: there is nothing in it.", **values),
        Problem.KIND: _(
            "“%(name)s” was not added: files of this kind are not taken. Save it as a PDF, or take a photograph.",
            **values,
        ),
        Problem.CONTENT: _(
            "“%(name)s” was not added: what is in it is not what its name says. Save it anew, or as a PDF.", **values
        ),
        Problem.MACROS: _(
            "“%(name)s” was not added: it holds macros or other programs. Save it without them, or as a PDF.", **values
        ),
        Problem.DAMAGED: _("“%(name)s” was not added: it cannot be read. Is it damaged?", **values),
        Problem.TOO_LARGE: _(
            "“%(name)s” was not added: it is too large. A file may have %(size)s MB at most.", **values
        ),
    }
    return words[problem]
