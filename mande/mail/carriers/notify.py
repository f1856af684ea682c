"""GOV.UK Notify as the carrier: it sends in the name of a service that was registered there, and says later what
became of each message.

The service has one template, whose subject is ((subject)) and whose message is ((body)). A sender's name belongs to
the whole service, so messages to people who must not be exposed go by a second, neutral one, or not at all.
"""

import logging
import re
from collections.abc import Callable
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectionError as NoConnectionError
from requests import ReadTimeout
from urllib3.exceptions import ConnectTimeoutError
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import SSLError

from mande.config import MailSettings
from mande.config import NotifyService
from mande.mail.carriers import Failure
from mande.mail.carriers import Prepared
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError

# What the client logs of an answer may hold an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

FAILURES = {
    "permanent-failure": "GOV.UK Notify: the address does not exist.",
    "temporary-failure": "GOV.UK Notify: the mailbox is full, or does not take the message.",
    "technical-failure": "GOV.UK Notify: the message was not sent, because of a fault between it and its provider.",
}
PAGE = 250  # how many messages Notify tells of at once
PLACEHOLDERS = {"subject": "((subject))", "body": "((body))"}

_KEY = re.compile(r".*[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}-[0-9A-Fa-f-]{36}")
_OF_THE_MESSAGE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
# A word joiner keeps what people have typed from becoming a heading, an indented block, a link or a placeholder.
_JOINER = "\N{WORD JOINER}"
_MARKDOWN = re.compile(r"^(?=[#^>*•])|(?<=\])(?=\()|(?<=\()(?=\()", re.MULTILINE)
_SMALL_PRINT = re.compile(r"^-- $", re.MULTILINE)


class NotifyCarrier:
    """Hands messages to GOV.UK Notify, each with its id as the reference, by which a repeat is recognised."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._client = cache(self._connected)

    def __enter__(self) -> "NotifyCarrier":
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.cache_clear()

    @property
    def name(self) -> str:
        return f"GOV.UK Notify at {self.settings.notify.url}"

    def send(self, letter: Prepared) -> str:
        service = self._service(letter)
        client, reference = self._client(service), str(letter.id)
        known: str | None = _asked(_taken, client, reference) if letter.attempts else None
        if known:
            return known
        taken = _asked(
            client.send_email_notification,
            email_address=letter.recipient,
            template_id=service.template,
            personalisation={"subject": letter.subject, "body": as_markdown(letter.text)},
            reference=reference,
            email_reply_to_id=service.reply_to,
            one_click_unsubscribe_url=letter.stop if letter.stop and letter.stop.startswith("https://") else None,
        )
        if "id" not in taken:
            raise LostError("GOV.UK Notify answered without saying what it calls the message.")
        return str(taken["id"])

    def check(self) -> None:
        for service in self._services():
            try:
                template = _asked(self._client(service).get_template, service.template)
            except (LostError, RefusedError) as error:
                raise UnusableError(str(error)) from error
            lacking = [mark for part, mark in PLACEHOLDERS.items() if mark not in str(template.get(part))]
            if lacking:
                raise UnusableError(f"The template {service.template} of GOV.UK Notify lacks {' and '.join(lacking)}.")

    def failures(self) -> Iterator[Failure]:
        for service in self._services():
            client, last = self._client(service), None
            while True:
                wanted = {"status": list(FAILURES), "template_type": "email", "older_than": last}
                listed = _asked(client.get_all_notifications, **wanted)["notifications"]
                yield from (Failure(one["id"], FAILURES[one["status"]], one["status"] == "permanent-failure")
                            for one in listed if one["status"] in FAILURES)  # fmt: skip
                if len(listed) < PAGE:
                    break
                last = listed[-1]["id"]

    def _services(self) -> list[NotifyService]:
        return [one for one in (self.settings.notify.usual, self.settings.notify.discreet) if one.key]

    def _service(self, letter: Prepared) -> NotifyService:
        if letter.sender_name is None:
            return self.settings.notify.usual
        if not self.settings.notify.discreet.key:
            raise RefusedError(
                "A discreet message would carry the name of the service: GOV.UK Notify sends it only with "
                "MANDE_NOTIFY_DISCREET_KEY.",
                permanent=True,
            )
        return self.settings.notify.discreet

    def _connected(self, service: NotifyService) -> Any:
        if not _KEY.fullmatch(service.key):
            raise UnusableError("MANDE_NOTIFY_KEY is no key of GOV.UK Notify. Copy all of it.")
        url, timeout = self.settings.notify.url, self.settings.timeout
        return NotificationsAPIClient(service.key, base_url=url, timeout=timeout)  # type: ignore[no-untyped-call]


def as_markdown(text: str) -> str:
    """A message's text as Notify reads it: paragraphs, lists and links are as they were, and nothing else is made."""
    return _MARKDOWN.sub(_JOINER, _SMALL_PRINT.sub("---", text))


def _taken(client: Any, reference: str) -> str | None:
    """What Notify calls a message that it took before we knew, if it did."""
    known = client.get_all_notifications(reference=reference)["notifications"]
    return next((str(one["id"]) for one in known if one["status"] not in FAILURES), None)


def _asked(ask: Callable[..., Any], *arguments: Any, **values: Any) -> Any:
    """What Notify answers. Raises the carrier's errors instead of the client's."""
    try:
        return ask(*arguments, **values)
    except APIError as error:
        if error.response is None:
            kind = LostError if _had_begun(error.__cause__) else UnusableError
            raise kind(f"GOV.UK Notify cannot be reached: {error.__cause__}") from error
        status, words = error.status_code, _words(error)
        if status in _OF_THE_MESSAGE:
            raise RefusedError(f"GOV.UK Notify: {status} {words}", permanent=True) from error
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise UnusableError(f"GOV.UK Notify takes no more for now: {words}") from error
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST:
            raise LostError(f"GOV.UK Notify: {status} {words}") from error
        raise UnusableError(f"GOV.UK Notify does not let us in: {status} {words}") from error


def _had_begun(error: BaseException | None) -> bool:
    """Whether Notify may have had the message before the connection ended."""
    reason = getattr(error.args[0], "reason", None) if error and error.args else None
    never_open = isinstance(reason, (NewConnectionError, ConnectTimeoutError, SSLError))
    return isinstance(error, (NoConnectionError, ReadTimeout)) and not never_open


def _words(error: APIError) -> str:
    told = error.message
    return told if isinstance(told, str) else "; ".join(f"{one.get('error')}: {one.get('message')}" for one in told)
