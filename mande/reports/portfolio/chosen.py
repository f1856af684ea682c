"""Which events a portfolio is about, as a page's address says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mande.reports.portfolio.periods import Step

SORTS = ("question", "events", "answers", "mean", "favourable", "gap")
_NAMES = ("since", "until", "programme", "partner", "step", "sort")


@dataclass(frozen=True)
class Chosen:
    """Events that began in the years from `since` to `until`, of a programme, with a partner; what is empty asks for
    nothing. `step` is how long the periods of trends are, `sort` how the questions are sorted.
    """

    since: str = ""
    until: str = ""
    programme: str = ""
    partner: str = ""
    step: Step = Step.YEAR
    sort: str = "-events"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Chosen":
        """Reads what an address says; what cannot be understood asks for nothing."""
        since, until = _year(args.get("since", "")), _year(args.get("until", ""))
        if since and until and since > until:
            since, until = until, since
        step, sort = args.get("step", ""), args.get("sort", "")
        return cls(
            since=since,
            until=until,
            programme=args.get("programme", "")[:200],
            partner=args.get("partner", "")[:200],
            step=Step(step) if step in list(Step) else Step.YEAR,
            sort=sort if sort.removeprefix("-") in SORTS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same page, changed."""
        values = {name: str(getattr(self, name)) for name in _NAMES} | changes
        usual = {"step": str(Chosen.step), "sort": Chosen.sort}
        return {name: value for name, value in values.items() if value and usual.get(name) != value}

    def holds(self, day: date) -> bool:
        """Whether an event that began on this day is meant."""
        year = f"{day.year:04}"
        return (not self.since or self.since <= year) and (not self.until or year <= self.until)


def _year(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) == 4 and 1 < int(text) < 9998 else ""
