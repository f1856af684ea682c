"""The small multiples of a portfolio."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from mande.reports.charts import Drawing
from mande.reports.charts import Moment
from mande.reports.charts import Picture
from mande.reports.charts import numbers
from mande.reports.kinds import Measure
from mande.reports.portfolio import wording
from mande.reports.portfolio.overview import Month
from mande.reports.portfolio.periods import Period
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.questions import Line
from mande.reports.portfolio.standing import Standing

LEAST = 2
"""Periods that make a trend."""


@dataclass(frozen=True)
class Trends:
    """Draws what came of each of some periods, all of one width, and shares on one scale."""

    drawing: Drawing
    width: float = 190

    def measure(self, measure: Measure, standings: Mapping[Period, Standing], target: float | None) -> Picture | None:
        """A share by period, with its target; None where fewer than two periods have one."""
        moments = [Moment(one.label, its.shares()[measure]) for one, its in standings.items()]
        name = str(wording.MEASURES[measure])
        return self._drawn(moments, (0.0, 1.0), name, partial(numbers.percent, language=self._language), target)

    def numbers(self, name: str, standings: Mapping[Period, Standing], of: Callable[[Standing], int]) -> Picture | None:
        """How many by period."""
        return self._counted(name, [(one.label, of(its)) for one, its in standings.items()])

    def months(self, name: str, months: Sequence[Month], of: Callable[[Month], int]) -> Picture | None:
        """How many by month."""
        return self._counted(name, [(one.period.label, of(one)) for one in months])

    def question(self, line: Line, spans: Sequence[Period]) -> Picture | None:
        """The mean by period, or the share of yes; where only the least and the greatest are known, between them."""
        moments = [self._moment(one, line.by_period.get(one)) for one in spans]
        target = line.target.value if line.target and line.target.measure is Measure.MEAN else None
        told = partial(wording.told, line.asked, language=self._language)
        return self._drawn(moments, line.asked.scale, line.asked.text, told, target)

    def _moment(self, span: Period, pool: Pool | None) -> Moment:
        if pool is None:
            return Moment(span.label, None)
        low, high = pool.mean_range
        return Moment(span.label, (low + high) / 2, low, high) if low < high else Moment(span.label, low)

    def _counted(self, name: str, pairs: Sequence[tuple[str, int]]) -> Picture | None:
        most = max((number for _label, number in pairs), default=0)
        moments = [Moment(label, float(number)) for label, number in pairs]
        told = partial(numbers.decimal, digits=0, language=self._language)
        return self._drawn(moments, (0.0, float(most)), name, told, None) if most else None

    def _drawn(
        self,
        moments: Sequence[Moment],
        span: tuple[float, float],
        name: str,
        told: Callable[[float], str],
        target: float | None,
    ) -> Picture | None:
        if sum(one.value is not None for one in moments) < LEAST:
            return None
        return self.drawing.trend(moments, span, name=name, target=target, told=told, width=self.width)

    @property
    def _language(self) -> str:
        return self.drawing.language
