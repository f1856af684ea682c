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
    STATE = "state"
    MULTILATERAL = "multilateral"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    BUSINESS = "business"
    MEDIA = "media"
