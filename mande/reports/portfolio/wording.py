"""What measures and bands are called, and figures as they are read, in the language of a page or a document."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)

from mande.reports.charts import numbers
from mande.reports.kinds import Measure
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.questions import Asked
from mande.reports.wording import Words
from mande.surveys.questionnaires.questions import QuestionType

MEASURES = Words(
    {
        Measure.MEAN: N_("mean"),
        Measure.FAVOURABLE: N_("favourable share"),
        Measure.RESPONSE: N_("Response"),
        Measure.ACTIONS_DONE: N_("Actions done"),
        Measure.WOMEN: N_("Women among attendees"),
        Measure.WOMEN_SPEAKING: N_("Women among speakers"),
        Measure.BEYOND_THE_STATE: N_("Attendees from beyond the state"),
        Measure.ONLINE_WITHOUT_BARRIERS: N_("Online without barriers"),
    }
)
OF = Words(
    {
        Measure.RESPONSE: N_("of those who were asked"),
        Measure.ACTIONS_DONE: N_("of the actions that people planned"),
        Measure.WOMEN: N_("of those whose gender is known"),
        Measure.WOMEN_SPEAKING: N_("of speakers whose gender is known"),
        Measure.BEYOND_THE_STATE: N_("of those whose sector is known"),
        Measure.ONLINE_WITHOUT_BARRIERS: N_("of those online who said whether they could follow and speak"),
    }
)
OF_ALL = Words(
    {
        Measure.ACTIONS_DONE: N_("of the actions in published reports"),
        Measure.WOMEN: N_("of all who attended"),
        Measure.WOMEN_SPEAKING: N_("of all who spoke"),
        Measure.BEYOND_THE_STATE: N_("of all who attended"),
    }
)
BANDS = Words(
    {
        "excellent": N_("excellent"),
        "good": N_("good"),
        "acceptable": N_("acceptable"),
        "below the target": N_("below the target"),
    }
)
UNKNOWN = "–"


def share(value: float | None, language: str = "en") -> str:
    """A share: 44%."""
    return UNKNOWN if value is None else numbers.percent(value, language)


def between(low: str, high: str) -> str:
    """A figure of which only the least and the greatest are known; one where both read the same."""
    return low if low == high else str(_("%(low)s to %(high)s", low=low, high=high))


def target(measure: Measure, value: float, language: str = "en") -> str:
    """What is to be reached: 4.20, or 80%."""
    return numbers.decimal(value, 2, language) if measure is Measure.MEAN else numbers.percent(value, language)


def mean(asked: Asked, pool: Pool, language: str = "en") -> str:
    """The mean of a scale or rating, as exactly as it is known; nothing of yes or no."""
    if asked.kind is QuestionType.YES_NO:
        return ""
    if pool.mean is not None and pool.mean_range[0] == pool.mean_range[1]:
        return numbers.decimal(pool.mean, 2, language)
    low, high = (numbers.decimal(end, 1, language) for end in pool.mean_range)
    return between(low, high)


def headline(pool: Pool, language: str = "en") -> str:
    """The favourable share, or of a rating the net promoter score: 83%, +42."""
    if pool.nps_range:
        low, high = (numbers.signed(end, language) for end in pool.nps_range)
    else:
        low, high = (numbers.percent(end, language) for end in pool.favourable_range)
    return between(low, high)


def told(asked: Asked, value: float, language: str = "en") -> str:
    """A value of a trend: a mean, or the share of yes."""
    if asked.kind is QuestionType.YES_NO:
        return numbers.percent(value, language)
    return numbers.decimal(value, 2, language)


def too_few(year: int, least: int) -> str:
    """Why there is no report on a year; `least` is how many events it takes, 0 where one would do."""
    if least:
        return str(_("A report for everybody needs %(least)s events in %(year)s at least.", least=least, year=year))
    return str(_("No event that is over began in %(year)s.", year=year))


def no_programme() -> str:
    return str(_("No programme"))


def other_programmes() -> str:
    return str(_("Other programmes"))


def section(title: str, later: bool) -> str:
    """What a section is called; `later`: it was asked months after the event."""
    return str(_("%(section)s (months later)", section=title)) if later else title
