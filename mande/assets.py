"""What makes pages light on a poor connection: style sheets that are kept by the browser, and compression.

A static file's address carries a fingerprint of its content, so that a browser may keep it for a year without asking.
Pages without a secret of their own are compressed here, whatever server stands in front. Staff pages are not: they
hold a CSRF token beside what people typed, which compression could give away (BREACH).
"""

import gzip
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask
from flask import Response
from flask import current_app
from flask import request

OPEN_TO_ALL = ("surveys", "followup")
SMALL = 400
A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    app.url_defaults(_add_fingerprint)
    app.after_request(_lighten)


def _add_fingerprint(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and "filename" in values:
        path = Path(current_app.static_folder or "") / str(values["filename"])
        if path.is_file():
            values.setdefault("v", _fingerprint(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _fingerprint(path: Path, _changed: int) -> str:
    return blake2b(path.read_bytes(), digest_size=5).hexdigest()


def _lighten(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = A_YEAR
    if _may_compress(response):
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"]:
            _compress(response)
    return response


def _may_compress(response: Response) -> bool:
    of_ours = request.blueprint in OPEN_TO_ALL or (request.endpoint == "static" and response.mimetype == "text/css")
    text = response.mimetype in ("text/html", "text/css")
    return of_ours and text and response.status_code != 304 and "Content-Encoding" not in response.headers


def _compress(response: Response) -> None:
    response.direct_passthrough = False
    body = response.get_data()
    if request.method == "HEAD" or len(body) < SMALL:
        return
    etag, _weak = response.get_etag()
    response.set_data(_compressed_style(body) if response.mimetype == "text/css" else gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=8)
def _compressed_style(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
