"""What a monitoring system reads at /metrics: Prometheus' text format, for whoever sends MANDE_METRICS_TOKEN.

Nothing in it is about a person. Whoever reads it every few seconds would learn when something changes, so it holds
nothing that changes when somebody answers: no visits of respondents' pages except failures, no cancelled messages.
"""

import hmac
import os
from pathlib import Path

from flask import Flask
from flask import Response
from flask import abort
from flask import current_app
from flask import request

from mande.web import settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def init_app(app: Flask) -> None:
    # Only now, because the library looks for the processes' common folder when it is imported.
    from mande.metrics.exposing import Exposition

    app.extensions["mande.metrics"] = exposition = Exposition(os.environ.get(FOLDER))
    app.add_url_rule("/metrics", view_func=metrics)

    @app.after_request
    def count(response: Response) -> Response:
        exposition.count(class_of(request.endpoint, request.path), response.status_code)
        return response


def share_between_processes(folder: Path) -> None:
    """Lets the processes of one server count together, in files. Call it before there is an application."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[FOLDER] = str(folder)


def class_of(endpoint: str | None, path: str) -> str:
    """What kind of page was asked for. Never an address: those of respondents hold their tokens."""
    if endpoint is None:
        return "nothing"
    if endpoint in ("static", "_health", "metrics"):
        return endpoint.strip("_")
    return "staff" if path.startswith("/staff/") else "respondents"


def metrics() -> Response:
    token, scheme = settings().metrics_token, "Bearer "
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), (scheme + token).encode()):
        abort(404)
    text, content_type = current_app.extensions["mande.metrics"].text()
    return Response(text, content_type=content_type)
