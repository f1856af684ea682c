"""GOV.UK Notify as far as we use it, on loopback: it checks what it is sent and answers as a test asks."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from uuid import uuid4

import jwt

from mande.config import MailSettings
from mande.config import NotifyService
from mande.config import NotifySettings

SERVICES = {name: (str(uuid4()), str(uuid4())) for name in ("usual", "discreet")}  # ids and secrets
TEMPLATE = "7b2d6c1e-0000-4000-8000-000000000001"
PAGE = 3  # small, so that tests see several


class StubNotify:
    """Takes every message unless a test has asked for something else; the answers asked for are given in turn.

        with StubNotify() as notify:
            notify.answer(429, "RateLimitError", "Exceeded rate limit")

    `taken` are the messages taken, oldest first: what was asked, and `id`, `status` and `service`. `requests` counts
    what came. `template` is what the service's template holds.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.requests = 0
        self.template = {"id": TEMPLATE, "subject": "((subject))", "body": "((body))"}
        self._answers: deque[tuple[int, dict[str, Any] | str]] = deque()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                stub.requests += 1
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._say(*stub._post(self.path, asked, self.headers["Authorization"]))

            def do_GET(self) -> None:
                stub.requests += 1
                self._say(*stub._get(self.path, self.headers["Authorization"]))

            def log_message(self, *_arguments: object) -> None:
                pass

            def _say(self, status: int, told: dict[str, Any] | str) -> None:
                if told == "drop":
                    self.close_connection = True
                    return
                body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> "StubNotify":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self, discreet: bool = True, **changes: Any) -> MailSettings:
        """The settings with which Mande sends by this server."""
        services = {name: NotifyService(key(name), TEMPLATE, f"reply-{name}") for name in SERVICES}
        notify = NotifySettings(
            usual=services["usual"],
            discreet=services["discreet"] if discreet else NotifyService(),
            url=f"http://127.0.0.1:{self._server.server_port}",
        )
        values = {"sender": "surveys@mande.test", "carrier": "notify", "notify": notify, "timeout": 5}
        return MailSettings(**{**values, **changes})

    def answer(self, status: int, error: str = "", message: str = "") -> None:
        """Answers the next request so. An `error` that is "drop" or "html" ends the connection, or is no JSON."""
        told: dict[str, Any] | str = {"status_code": status, "errors": [{"error": error, "message": message}]}
        self._answers.append((status, {"drop": "drop", "html": "<h1>Oh</h1>"}.get(error, told)))

    def fail(self, reference: str, status: str) -> None:
        """Finds out that the message with this reference could not be delivered."""
        next(one for one in self.taken if one["reference"] == reference)["status"] = status

    def _post(self, path: str, asked: dict[str, Any], authorization: str) -> tuple[int, dict[str, Any] | str]:
        service = self._let_in(authorization)
        if service is None:
            return 403, {"errors": [{"error": "AuthError", "message": "Invalid token: API key not found"}]}
        assert path == "/v2/notifications/email"
        if self._answers:
            return self._answers.popleft()
        taken = {**asked, "id": str(uuid4()), "status": "delivered", "service": service}
        self.taken.append(taken)
        return 201, {"id": taken["id"], "reference": asked["reference"]}

    def _get(self, path: str, authorization: str) -> tuple[int, dict[str, Any] | str]:
        service = self._let_in(authorization)
        if service is None:
            return 403, {"errors": [{"error": "AuthError", "message": "Invalid token: API key not found"}]}
        if self._answers:
            return self._answers.popleft()
        parts, query = urlsplit(path), parse_qs(urlsplit(path).query)
        if parts.path == f"/v2/template/{TEMPLATE}":
            return 200, self.template
        assert parts.path == "/v2/notifications"
        listed = [one for one in reversed(self.taken) if one["service"] == service and _is_asked_for(one, query)]
        if "older_than" in query:
            listed = listed[[one["id"] for one in listed].index(query["older_than"][0]) + 1 :]
        return 200, {"notifications": listed[:PAGE], "links": {}}

    def _let_in(self, authorization: str) -> str | None:
        token = authorization.removeprefix("Bearer ")
        issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
        for name, (id_, secret) in SERVICES.items():
            if id_ == issuer:
                jwt.decode(token, secret, algorithms=["HS256"])
                return name
        return None


def key(name: str) -> str:
    """The API key of one of the services, as Notify shows it."""
    return "-".join(("mande", *SERVICES[name]))


def _is_asked_for(one: dict[str, Any], query: dict[str, list[str]]) -> bool:
    return one["status"] in query.get("status", [one["status"]]) and one["reference"] in query.get(
        "reference", [one["reference"]]
    )
