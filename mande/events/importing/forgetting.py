"""Removing lists that wait for a day beside the database, where they name somebody who is to be erased."""

import json
from functools import partial

from sqlalchemy import event
from sqlalchemy.orm import Session

from mande.events.importing import uploads
from mande.events.importing.uploads import Upload
from mande.events.records.erasing import Whose


def erase(session: Session, whose: Whose) -> None:
    """Removes such lists as soon as it is certain that the person is erased."""
    event.listen(session, "after_commit", partial(_remove, set(whose.addresses)), once=True)


def _remove(addresses: set[str], _session: Session) -> None:
    for upload in uploads.everything():
        if _names_any(upload, addresses):
            uploads.remove(upload)


def _names_any(upload: Upload, addresses: set[str]) -> bool:
    held = f"{upload.content.decode(errors='ignore')} {json.dumps(uploads.told(upload))}".lower()
    return any(json.dumps(address)[1:-1] in held for address in addresses)
