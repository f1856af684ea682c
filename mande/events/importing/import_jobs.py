"""Working on a list that was sent: planning its import and carrying it out, at once or, if it is long, beside the page.

What a job has come to stands in the upload's files, so that any process can tell it. An import is one transaction: a
process that is stopped leaves nothing half done, and the list can be imported again.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from threading import Thread
from typing import Any
from typing import TypeVar

import structlog
from flask import Flask
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events import operations
from mande.events.importing import imports
from mande.events.importing import sheets
from mande.events.importing import uploads
from mande.events.importing.imports import Plan
from mande.events.importing.layouts import Wish
from mande.events.importing.sheets import SheetError
from mande.events.importing.uploads import Told
from mande.events.importing.uploads import Upload
from mande.events.kinds import Role
from mande.events.records import person_addresses

T = TypeVar("T")
Work = Callable[[Upload, str], None]

log = structlog.stdlib.get_logger("mande.imports")

PLANNED, DONE = "planned", "done"
# A list of so many bytes is worked on beside the page: some 1,500 rows.
LONG = 200_000
STEP = 500


def plan(upload: Upload) -> None:
    """Works out what the import would do. Of a long list this goes on after the call."""
    _begin(upload, _plan, "")


def carry_out(upload: Upload, actor: str, good_rows: bool) -> None:
    """Imports: all rows, or the good ones. Of a long list this goes on after the call."""
    _begin(upload, _carry_out_good if good_rows else _carry_out_all, actor)


def wish_of(upload: Upload) -> Wish:
    """What staff said of the list."""
    said = dict(upload.wish)
    meetings, role = said.get("meetings"), said.get("role")
    return Wish(
        said.get("sheet", ""),
        said.get("row"),
        said.get("columns", {}),
        None if meetings is None else tuple(meetings),
        Role(role) if role else None,
    )


def kept(wish: Wish) -> dict[str, Any]:
    """A wish as it is kept with the list."""
    return {**vars(wish), "columns": dict(wish.columns)}


def _begin(upload: Upload, work: Work, actor: str) -> None:
    """Does the work, unless it is being done already: somebody pressed the button twice."""
    if not uploads.claim(upload):
        return
    if len(upload.content) < LONG:
        _do(upload, work, actor)
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    Thread(target=_beside, args=(app, upload, work, actor), name=f"import-{upload.id[:6]}").start()


def _beside(app: Flask, upload: Upload, work: Work, actor: str) -> None:
    with app.app_context():
        try:
            _do(upload, work, actor)
        except Exception:
            log.exception("an import broke off", event_code=upload.event)
            uploads.change(
                upload, failure="The program stumbled over this list. Nothing was changed; it is in the log."
            )


def _do(upload: Upload, work: Work, actor: str) -> None:
    try:
        work(upload, actor)
    except SheetError as error:
        uploads.change(upload, failure=str(error))
    except IntegrityError:
        uploads.change(
            upload, failure="Nothing was imported: somebody else was changing the same people. Please try again."
        )
    finally:
        uploads.release(upload)


def _plan(upload: Upload, _actor: str) -> None:
    with db.reading() as session:
        planned = _planned(session, upload)
    uploads.change(upload, told(planned, wish_of(upload)), stage=PLANNED, failure="")


def _carry_out_all(upload: Upload, actor: str) -> None:
    _carry_out(upload, actor, good_rows=False)


def _carry_out_good(upload: Upload, actor: str) -> None:
    _carry_out(upload, actor, good_rows=True)


def _carry_out(upload: Upload, actor: str, good_rows: bool) -> None:
    with db.transaction() as session:
        event = operations.find(session, upload.event)
        operations.lock(session, event)
        person_addresses.lock(session)
        planned = _planned(session, upload)
        may = good_rows or not planned.refused
        if may:
            uploads.tell_progress(upload, "Writing", 0, 1)
            imports.carry_out(session, event, planned, upload.filename, actor)
    if may:
        uploads.change(upload, told(planned, wish_of(upload)), stage=DONE, content=b"", failure="")
    else:
        failure = "Nothing was imported: some rows cannot be taken as they are."
        uploads.change(upload, told(planned, wish_of(upload)), stage=PLANNED, failure=failure)


def _planned(session: Session, upload: Upload) -> Plan:
    def watch(what: str, items: Sequence[T]) -> Iterable[T]:
        for number, item in enumerate(items):
            if number % STEP == 0:
                uploads.tell_progress(upload, what, number, len(items))
            yield item

    event = operations.find(session, upload.event)
    return imports.plan(session, event, sheets.unpack(upload.content), wish_of(upload), watch)


def told(planned: Plan, wish: Wish) -> Told:
    """What the pages show of a plan, in a form that can be kept."""
    layout = planned.layout
    return {
        "counts": planned.counts,
        "rows": [
            {**vars(report), "changes": [vars(change) for change in report.changes]} for report in planned.reports
        ],
        "refused_rows": imports.refused_rows(planned),
        "ignored": layout.ignored,
        "remarks": list(planned.remarks),
        "encoding": layout.table.encoding,
        "sheet": layout.table.name,
        "row": layout.row,
        "system": layout.system,
        "remembered": layout.remembered and not wish.columns,
        "at": clock.now().isoformat(),
    }
