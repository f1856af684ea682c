"""Examples of planned actions that suit an event: its topics and partners, and the role in which somebody took part."""

from collections.abc import Collection
from collections.abc import Sequence

from flask_babel import gettext as _

from mande.events.kinds import Role
from mande.web import apart

TOPIC_LENGTH = 60


def examples(roles: Collection[Role], topics: Sequence[str]) -> list[str]:
    """Two or three sentences in the page's language, each with something that others can see."""
    named = next((topic for topic in topics if 0 < len(topic) <= TOPIC_LENGTH), None)
    if named:
        first = _("Hold a workshop on “%(topic)s” for ten colleagues", topic=apart(named))
    else:
        first = _("Train twelve colleagues in hosting hybrid talks")
    return [str(first), _of_role(roles), str(_("Put a proposal for a shared code of conduct to our minister"))]


def _of_role(roles: Collection[Role]) -> str:
    if Role.PARTNER in roles:
        return str(_("Decide in our team which two recommendations we take up"))
    if Role.SPEAKER in roles:
        return str(_("Publish an article on what the discussion changed in my talk"))
    return str(_("Bring three people whom I met together in a first call"))
