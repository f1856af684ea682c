"""What makes pages light on a poor connection: static files that the browser keeps, and compression.

A static file is read, fingerprinted and compressed once, and sent ready. Its address carries the fingerprint, so that a
browser may keep it for a year without asking. Gzip, which every browser knows, is enough: brotli would save half a
kilobyte of the style sheet (2.8 for 3.3 KB), and would cost a compiled library.

Pages without a secret of their own are compressed here, whatever server stands in front. Staff pages are not: they
hold a CSRF token beside what people typed, which compression could give away (BREACH).
"""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask
from flask import Response
from flask import abort
from flask import current_app
from flask import request
from werkzeug.security import safe_join

OPEN_TO_ALL = ("surveys", "followup", "files", "held", "outcome")
SMALL = 400
A_YEAR = "public, max-age=31536000, immutable"
MIMETYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A static file, ready to be sent. `packed` is empty where compression gains nothing."""

    body: bytes
    packed: bytes
    mimetype: str
    fingerprint: str


def init_app(app: Flask) -> None:
    app.url_defaults(_add_fingerprint)
    app.view_functions["static"] = _serve
    app.after_request(_lighten)


def _add_fingerprint(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and "filename" in values and (asset := _find(str(values["filename"]))):
        values.setdefault("v", asset.fingerprint)


def _serve(filename: str) -> Response:
    asset = _find(filename) or abort(404)
    packed = asset.packed and request.accept_encodings["gzip"] > 0
    response = Response(asset.packed if packed else asset.body, mimetype=asset.mimetype)
    response.set_etag(f"{asset.fingerprint}-gzip" if packed else asset.fingerprint)
    # A page from before a change may still ask for what has been replaced: that answer must not stay for a year.
    response.headers["Cache-Control"] = A_YEAR if request.args.get("v") == asset.fingerprint else "no-cache"
    if asset.packed:
        response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def _find(filename: str) -> Asset | None:
    place = safe_join(current_app.static_folder or "", filename)
    path = Path(place) if place else None
    return _asset(path, path.stat().st_mtime_ns) if path and path.is_file() else None


@lru_cache(maxsize=64)
def _asset(path: Path, _changed: int) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0)
    kind = MIMETYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    fingerprint = blake2b(body, digest_size=5).hexdigest()
    return Asset(body, packed if len(packed) < 0.9 * len(body) else b"", kind, fingerprint)


def _lighten(response: Response) -> Response:
    if request.blueprint in OPEN_TO_ALL and response.mimetype == "text/html":
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if request.accept_encodings["gzip"] and request.method != "HEAD" and len(body) >= SMALL:
            response.set_data(gzip.compress(body, 6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
