"""The closed lists of words about events: roles, formats, modes, sectors."""

from enum import StrEnum


class Role(StrEnum):
    PARTICIPANT = "participant"
    SPEAKER = "speaker"
    PARTNER = "partner"


class Format(StrEnum):
    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"


class Mode(StrEnum):
    """How one person attended."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class Sector(StrEnum):
    """The sectors that every installation knows. It may add its own: see `models.OwnSector`."""

    STATE = "state"
    MULTILATERAL = "multilateral"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    BUSINESS = "business"
    MEDIA = "media"


class AgeBand(StrEnum):
    UNDER_30 = "under_30"
    FROM_30_TO_44 = "30_to_44"
    FROM_45_TO_59 = "45_to_59"
    FROM_60 = "60_and_over"


class Wave(StrEnum):
    """When a survey asks: after the event, or months later what became of it."""

    EVENT = "event"
    FOLLOWUP = "followup"


class RuleKind(StrEnum):
    """What goes out by rule, in the order of a wave's life. What each is counted from: see `events.timing`."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    THANK_YOU = "thank_you"


class RuleState(StrEnum):
    """`on` goes out at its time, `paused` waits until staff resume it, `skipped` is left out for good."""

    ON = "on"
    PAUSED = "paused"
    SKIPPED = "skipped"
