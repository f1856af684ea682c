"""The words for what a message is, without a database behind them. Pure."""

from enum import StrEnum


class IncomingKind(StrEnum):
    """What a message that came back to us is."""

    FAILED = "failed"
    DELAYED = "delayed"
    AUTOMATIC = "automatic"
    STOP = "stop"
    REPLY = "reply"
    UNKNOWN = "unknown"
