"""The kinds of editions, and whose eyes each is for."""

from enum import StrEnum


class Level(StrEnum):
    """How much an edition may show: everything to the team, less to partners, least to the public."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"


class EditionKind(StrEnum):
    """`SUMMARY` is one page for ministers and their like; `RESPONDENTS` tells those who were asked what came of it."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"
    SUMMARY = "summary"
    RESPONDENTS = "respondents"

    @property
    def level(self) -> Level:
        return _LEVELS[self]


_LEVELS = {
    EditionKind.INTERNAL: Level.INTERNAL,
    EditionKind.PARTNER: Level.PARTNER,
    EditionKind.PUBLIC: Level.PUBLIC,
    EditionKind.SUMMARY: Level.PARTNER,
    EditionKind.RESPONDENTS: Level.PUBLIC,
}


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


class RenderingState(StrEnum):
    """Of a document in the making: `FAILED` is the end, after the last attempt."""

    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Measure(StrEnum):
    """What a target is set for. `MEAN` and `FAVOURABLE` are of one question; the others of all that was asked."""

    MEAN = "mean"
    FAVOURABLE = "favourable"
    RESPONSE = "response"
    ACTIONS_DONE = "actions_done"
    WOMEN = "women"
    WOMEN_SPEAKING = "women_speaking"
    BEYOND_THE_STATE = "beyond_the_state"
    ONLINE_WITHOUT_BARRIERS = "online_without_barriers"
