"""Files on their way in and out: forms that may be larger than others, and downloads that no browser opens."""

import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response
from flask import request
from werkzeug.exceptions import NotFound

from mande import db
from mande.followup import links
from mande.followup.keeping import files
from mande.followup.keeping.store import StoreError
from mande.followup.models import EvidenceFile
from mande.staff import access

# The pages that take files: of owners, by their link, and of the team.
OWNERS_FORMS = frozenset({"followup.tell", "files.add"})
TEAMS_FORMS = frozenset({"evidence.add"})

# A file is never shown, run, or looked at as something else than what it was checked to be.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def let_files_in(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """Lets the forms that take files be larger than others, if whoever sends one may.

    Such a form is read, and its files are checked, before its page begins to work: over a slow connection that takes
    minutes, during which no transaction may be open.
    """
    if request.method != "POST" or endpoint not in OWNERS_FORMS | TEAMS_FORMS:
        return
    if _may_send(endpoint, values or {}):
        request.max_content_length = files.most_in_a_form()
        files.prepare(upload for _field, upload in request.files.items(multi=True))


def download(file: EvidenceFile) -> Response:
    """The file, to be saved by its name. Raises NotFound where its bytes are not there as they were written."""
    try:
        body = files.read(file)
    except StoreError as error:
        raise NotFound(
            "This file is not there any more. Whoever runs Mande can bring it back from a backup."
        ) from error
    response = Response(body, mimetype=file.media_type, headers=HEADERS)
    response.headers["Content-Disposition"] = disposition(file.name)
    response.content_length = file.size
    return response


def disposition(name: str) -> str:
    """The header by which a browser saves what it gets under `name` (RFC 6266), with a plain name for old ones."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(one for one in plain if one.isprintable() and one not in '"\\;')
    if plain.strip(" .").rpartition(".")[0] == "":
        plain = f"file.{plain.rpartition('.')[2]}" if plain.rpartition(".")[2] else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _may_send(endpoint: str, values: Mapping[str, Any]) -> bool:
    if endpoint in TEAMS_FORMS:
        return access.signed_in() is not None
    with db.reading() as session:
        return links.visit(session, str(values.get("token", ""))) is not None
