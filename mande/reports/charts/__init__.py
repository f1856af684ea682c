"""The charts of a report: one drawing for the PDF, the web page and the files for slides. `Drawing` draws them."""

from mande.reports.charts.curves import Moment
from mande.reports.charts.drawing import Drawing
from mande.reports.charts.picture import Picture
from mande.reports.charts.strips import Segment

__all__ = ["Drawing", "Moment", "Picture", "Segment"]
