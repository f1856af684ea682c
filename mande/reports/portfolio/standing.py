"""What events came to, in sums that can be added up, and the measures for which there may be targets. Pure."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from mande.reports.kinds import Measure
from mande.reports.reach.people import Tally

Share = tuple[int, int]
"""How many, and of how many."""


@dataclass(frozen=True)
class Standing:
    """Sums over events.

    `asked` and `answered` are of the events whose surveys say how many were asked, `responses` of all. `actions` are
    what people planned; of `unheard` ones nothing was heard. `could_follow` counts those online who could follow and
    speak, and how many of them said so or not.
    """

    events: int = 0
    asked: int = 0
    answered: int = 0
    responses: int = 0
    actions: int = 0
    done: int = 0
    dropped: int = 0
    unheard: int = 0
    outcomes: int = 0
    confirmed: int = 0
    followed: int = 0
    follow_asked: int = 0
    reach: Tally = field(default_factory=Tally)

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})

    @property
    def under_way(self) -> int:
        """Actions of which something was heard, and that are neither done nor dropped."""
        return self.actions - self.done - self.dropped - self.unheard

    def measured(self) -> Mapping[Measure, Share]:
        """What there may be a target for, but single questions. Nothing is left out, so that it may be of nobody."""
        reach = self.reach
        return {
            Measure.RESPONSE: (self.answered, self.asked),
            Measure.ACTIONS_DONE: (self.done, self.actions),
            Measure.WOMEN: (reach.women, reach.gender_known),
            Measure.WOMEN_SPEAKING: (reach.women_speaking, reach.speakers_gender_known),
            Measure.BEYOND_THE_STATE: (reach.beyond_the_state, reach.sector_known),
            Measure.ONLINE_WITHOUT_BARRIERS: (self.followed, self.follow_asked),
        }

    def shares(self) -> Mapping[Measure, float | None]:
        """The same as shares; None where it is of nobody."""
        return {measure: part / of if of else None for measure, (part, of) in self.measured().items()}


def total(standings: Iterable[Standing]) -> Standing:
    return sum(standings, Standing())
