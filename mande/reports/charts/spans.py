"""A value with its interval on a scale, as a point on a line. Pure."""

from mande.reports.charts.picture import Canvas
from mande.reports.looks.palette import Palette


def draw(
    canvas: Canvas,
    palette: Palette,
    value: float,
    interval: tuple[float, float] | None,
    scale: tuple[float, float],
    mark: float | None = None,
) -> None:
    """The value within `scale`; `mark` is a line across, for zero or a target."""
    least, most = scale
    middle, edge = canvas.height / 2, 7.0

    def x(at: float) -> float:
        share = (at - least) / (most - least)
        return edge + (canvas.width - 2 * edge) * min(1.0, max(0.0, share))

    canvas.line([(edge, middle), (canvas.width - edge, middle)], palette.line)
    if mark is not None:
        canvas.line([(x(mark), 1), (x(mark), canvas.height - 1)], palette.quiet, thick=1.2)
    if interval:
        low, high = interval
        canvas.line([(x(low), middle), (x(high), middle)], palette.accent, thick=2)
        for end in (low, high):
            canvas.line([(x(end), middle - 4), (x(end), middle + 4)], palette.accent, thick=2)
    canvas.dot((x(value), middle), 4.5, palette.accent)
