"""The entry for a mail server that hands over what came back by HTTP. There is none unless a token is set."""

from hmac import compare_digest

from flask import Blueprint
from flask import abort
from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import Unauthorized

from mande import db
from mande.mail.incoming import reading
from mande.mail.incoming.receiving import receive
from mande.web import settings

blueprint = Blueprint("incoming", __name__)

# What services call the whole message in a form.
FIELDS = ("message", "email", "body-mime", "mime", "raw")


@blueprint.post("/mail/incoming")
def incoming() -> tuple[str, int]:
    """Takes a message: as the body of the request, or as a field or file of a form. 204 once it was worked on."""
    token = settings().inbox.token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not compare_digest(given.encode(), token.encode()):
        raise Unauthorized("Show the token: Authorization: Bearer …", www_authenticate=WWWAuthenticate("bearer"))
    request.max_content_length = request.max_form_memory_size = reading.LONGEST
    raw = _message()
    if not raw.strip():
        raise BadRequest("There is no message in this request.")
    recipient = request.values.get("recipient", "")
    with db.transaction() as session:
        receive(session, raw, recipient)
    return "", 204


def _message() -> bytes:
    if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return request.get_data(cache=False)
    for name in FIELDS:
        if name in request.files:
            return bytes(request.files[name].read())
        if name in request.form:
            return request.form[name].encode("utf-8", "surrogateescape")
    return next((bytes(file.read()) for file in request.files.values()), b"")
