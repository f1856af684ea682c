"""What can be done with drafts: begin, change, undo, publish, remove. One transaction each, opened by the caller.

A change is based on the revision that its author saw. Where somebody has saved since, it is refused, and nothing of
either is lost.
"""

from collections.abc import Callable

from flask import has_request_context
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mande import clock
from mande.staff import access
from mande.staff import audit
from mande.surveys import catalogue
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.models import Questionnaire
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.models import QuestionnaireDraftState
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import parse

KEPT_STATES = 50
_THERE_IS_ONE = "There is a draft of {code} already. Go on with that one, or delete it first."


class DraftError(Exception):
    """What was wanted cannot be done with drafts. The text says why, and what can be done."""


class UnchangedError(DraftError):
    """The draft says the same as the version before it."""


class StaleError(DraftError):
    """Somebody has saved since the page was opened. `draft` is the draft as it is now."""

    def __init__(self, draft: QuestionnaireDraft) -> None:
        self.draft = draft
        super().__init__(f"{draft.edited_by} has changed this draft since you opened the page.")


def all_drafts(session: Session) -> dict[str, QuestionnaireDraft]:
    """Every draft, by its questionnaire's code."""
    return {draft.code: draft for draft in session.scalars(select(QuestionnaireDraft))}


def get(session: Session, code: str) -> QuestionnaireDraft | None:
    return session.scalars(select(QuestionnaireDraft).where(QuestionnaireDraft.code == code)).one_or_none()


def begin(session: Session, data: Data) -> QuestionnaireDraft:
    """A new draft of the questionnaire that `data` names; its version is given to it when it is published.

    Raises DefinitionError where `data` has not the form of a draft, DraftError where there is a draft of it already.
    """
    code = data["code"]
    if get(session, code) is not None:
        raise DraftError(_THERE_IS_ONE.format(code=code))
    made = QuestionnaireDraft(code=code, definition=_form(data, code), revision=1)
    _sign(made)
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # begun by somebody else at this very moment
        raise DraftError(_THERE_IS_ONE.format(code=code)) from None
    audit.record(session, "questionnaire drafted", code)
    return made


def change(session: Session, code: str, revision: int, done: str, how: Callable[[Data], Data]) -> QuestionnaireDraft:
    """Saves what `how` makes of the draft, unless that is the same. `done` says in a few words what it was.

    Raises StaleError where `revision` is not the present one, DraftError where the draft is gone.
    """
    draft = _locked(session, code, revision)
    changed = _form(how(draft.definition), code)
    if changed == draft.definition:
        return draft
    session.add(
        QuestionnaireDraftState(
            draft_id=draft.id, revision=draft.revision, definition=draft.definition, done=done[:200]
        )
    )
    session.execute(
        delete(QuestionnaireDraftState).where(
            QuestionnaireDraftState.draft_id == draft.id,
            QuestionnaireDraftState.revision.not_in(
                select(QuestionnaireDraftState.revision)
                .where(QuestionnaireDraftState.draft_id == draft.id)
                .order_by(QuestionnaireDraftState.revision.desc())
                .limit(KEPT_STATES)
            ),
        )
    )
    _save(draft, changed)
    return draft


def last_change(session: Session, draft: QuestionnaireDraft) -> QuestionnaireDraftState | None:
    """What can be undone; None where nothing is left."""
    return session.scalars(
        select(QuestionnaireDraftState)
        .where(QuestionnaireDraftState.draft_id == draft.id)
        .order_by(QuestionnaireDraftState.revision.desc())
        .limit(1)
    ).one_or_none()


def undo(session: Session, code: str, revision: int) -> str | None:
    """Puts the draft back to what it was before its last change, and says which that was; None where there is none.

    Raises StaleError and DraftError as `change` does.
    """
    draft = _locked(session, code, revision)
    state = last_change(session, draft)
    if state is None:
        return None
    _save(draft, state.definition)
    session.delete(state)
    return state.done


def publish(session: Session, code: str, revision: int) -> Definition:
    """Makes the draft the next version of its questionnaire, for good, and removes the draft.

    The version itself is what the next draft begins with. Raises DefinitionError listing what is wrong with the draft,
    UnchangedError where it says the same as the version before it, StaleError and DraftError as `change` does.
    """
    draft = _locked(session, code, revision)
    before = catalogue.versions(session, code)
    number = before[0].definition.version + 1 if before else 1
    made = parse({**draft.definition, "version": number})
    if before and parse({**before[0].definition.to_dict(), "version": number}).digest == made.digest:
        raise UnchangedError(f"This says the same as version {number - 1}: there is nothing to publish.")
    session.add(
        Questionnaire(
            code=code, version=number, digest=made.digest, definition=made.to_dict(), published_at=clock.now()
        )
    )
    session.delete(draft)
    audit.record(session, "questionnaire published", code, {"version": number})
    return made


def discard(session: Session, code: str, revision: int) -> None:
    """Removes the draft and all that could be undone. Raises StaleError and DraftError as `change` does."""
    session.delete(_locked(session, code, revision))
    audit.record(session, "questionnaire draft deleted", code)


def _locked(session: Session, code: str, revision: int) -> QuestionnaireDraft:
    draft = session.scalars(
        select(QuestionnaireDraft).where(QuestionnaireDraft.code == code).with_for_update()
    ).one_or_none()
    if draft is None:
        raise DraftError(f"The draft of {code} is gone: it was published or deleted meanwhile.")
    if draft.revision != revision:
        raise StaleError(draft)
    return draft


def _form(data: Data, code: str) -> Data:
    """The data in a draft's form. It carries no version: publishing gives it one."""
    return {name: value for name, value in shape.normal({**data, "code": code}).items() if name != "version"}


def _save(draft: QuestionnaireDraft, data: Data) -> None:
    draft.definition = data
    draft.revision += 1
    _sign(draft)


def _sign(draft: QuestionnaireDraft) -> None:
    member = access.signed_in() if has_request_context() else None
    draft.edited_at, draft.edited_by = clock.now(), member.name if member else audit.PROGRAM
