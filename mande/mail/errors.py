"""What can go wrong when a message is handed over, told apart by whom it concerns."""


class RefusedError(Exception):
    """The carrier did not take this message. `permanent`: nor will it ever. The text is what the carrier said."""

    def __init__(self, words: str, permanent: bool) -> None:
        super().__init__(words)
        self.permanent = permanent


class LostError(Exception):
    """The connection ended while a message was being handed over. Whether it was taken is not known."""


class UnusableError(Exception):
    """The carrier cannot be reached, does not let us in, or takes nothing from us at all: every message waits."""
