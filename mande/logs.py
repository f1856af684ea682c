"""Logs: one line for each thing that happened, on standard error, and never a token in it.

A personal link is a person's key. It must not reach a log, neither as an address (Flask names the path of a request
that failed) nor inside a traceback, so whatever is written passes through `redact` last of all.
"""

import logging
import re
import sys

import structlog

# The path of a personal link, whatever stands in the token's place, and anything that looks like a token.
_LINK = re.compile(r"(/[acdpqr]/)[^/\s?#\"'\]]+")
_TOKEN = re.compile(r"\b[a-z2-7]{26}\b", re.IGNORECASE)
_NOTHING = "[redacted]"


def redact(text: str) -> str:
    """`text` without personal links."""
    return _TOKEN.sub(_NOTHING, _LINK.sub(rf"\1{_NOTHING}", text))


class _Redacting(logging.Formatter):
    """Another formatter, with personal links taken out of what it makes."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self.inner.format(record))


def set_up(level: int = logging.INFO, json: bool | None = None) -> None:
    """Sends structlog's and the standard library's records to standard error: for people at a terminal, else as JSON.

    May be called again: it replaces what it set up before.
    """
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: the pretty ones show the values of variables, which are people's words and links.
    for_people = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else for_people
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    lines = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(lines))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # It tells of every run of every job, and warns when one takes longer than the time to the next.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
