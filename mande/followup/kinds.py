"""The closed lists of words about planned actions."""

from enum import StrEnum


class Source(StrEnum):
    """Where an action comes from: an owner's own plan, the team's own, or a recommendation of the outcome note."""

    OWNER = "owner"
    TEAM = "team"
    RECOMMENDATION = "recommendation"


class Status(StrEnum):
    """How far an action has come, as its owner says."""

    NOT_STARTED = "not_started"
    SOME_PROGRESS = "some_progress"
    WELL_ADVANCED = "well_advanced"
    DONE = "done"
    NO_LONGER_PLANNED = "no_longer_planned"


ENDED = (Status.DONE, Status.NO_LONGER_PLANNED)


class Verified(StrEnum):
    """How far an action has come, as a member of the team has verified: the scale of open-government trackers."""

    NO_EVIDENCE = "no_evidence"
    NOT_STARTED = "not_started"
    LIMITED = "limited"
    SUBSTANTIAL = "substantial"
    COMPLETE = "complete"


class Contribution(StrEnum):
    """How far the event contributed to what changed."""

    NOT_AT_ALL = "not_at_all"
    A_LITTLE = "a_little"
    SOMEWHAT = "somewhat"
    MUCH = "much"
    DECISIVE = "decisive"


class Visibility(StrEnum):
    """Who may see an action, as its owner decides."""

    TEAM = "team"
    PARTNERS_BY_NAME = "partners_by_name"
    PARTNERS_WITHOUT_NAME = "partners_without_name"


FOR_PARTNERS = (Visibility.PARTNERS_BY_NAME, Visibility.PARTNERS_WITHOUT_NAME)


class CheckInState(StrEnum):
    """`skipped`: staff have taken it out of the schedule. `cancelled`: there was nothing, or nobody, to ask."""

    SCHEDULED = "scheduled"
    ASKED = "asked"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How a report on an action came: by its owner's link, or told to a member of the team."""

    LINK = "link"
    TELEPHONE = "telephone"
    MEETING = "meeting"
    EMAIL = "email"
    OTHER = "other"


class RequestKind(StrEnum):
    """What an owner asks a colleague: to own the action too, to be named in it, or to take it over."""

    JOIN = "join"
    NAME = "name"
    TAKE_OVER = "take_over"


class RequestState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Actor(StrEnum):
    """Who changed something."""

    OWNER = "owner"
    TEAM = "team"
    MANDE = "mande"
