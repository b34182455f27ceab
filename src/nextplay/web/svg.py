"""Bars, meters and sparklines as SVG from the server: no script, no inline style, widths in percent."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nextplay.values.lines import curve_places, spark_places


def percent(share: float) -> str:
    """A share from 0 to 1 as an SVG length, held between 0 and 100 percent."""
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def share_of(value: float, longest: float) -> float:
    """How far a value reaches along a track on which the longest is full; 0 where nothing is longer than 0."""
    return value / longest if longest > 0 else 0.0


def bar(value: float, longest: float, mark: float | None = None) -> SafeString:
    """A quantity on its track, with a mark where there is something to compare with."""
    return format_html(
        '<svg class="bar-track" aria-hidden="true" focusable="false">{}{}</svg>',
        _fill(share_of(value, longest)),
        _mark(mark, longest),
    )


def bar_within(part: float, whole: float, longest: float, mark: float | None = None) -> SafeString:
    """A part over its whole on one track: active partners over all."""
    return format_html(
        '<svg class="bar-track" aria-hidden="true" focusable="false">{}{}{}</svg>',
        _fill(share_of(whole, longest), "bar-fill all"),
        _fill(share_of(part, longest)),
        _mark(mark, longest),
    )


def meter(share: float) -> SafeString:
    """A thin bar filled to a share from 0 to 1."""
    return format_html(
        '<svg class="meterbar" aria-hidden="true" focusable="false"><rect width="{}" height="100%" rx="3"/></svg>',
        percent(share),
    )


def fall(start: float, end: float, *, last: bool) -> SafeString:
    """A bar of a waterfall from one share of its track to another, and the line that leads on to the next row's."""
    low, width = min(start, end), abs(end - start)
    link = SafeString("")
    if not last:
        link = format_html('<line class="fall-link" x1="{0}" x2="{0}" y1="100%" y2="270%"/>', percent(end))
    return format_html(
        '<svg class="fall-track" aria-hidden="true" focusable="false">'
        '<rect class="fall-bar" x="{}" width="{}" height="100%" rx="2"/>{}</svg>',
        percent(low),
        percent(max(width, 0.004)),
        link,
    )


def interval(places: Sequence[float], zero: float, label: str) -> SafeString:
    """A difference on an axis from 0 to 1: `places` are low and high 95, low and high 80, and the best estimate."""
    low95, high95, low80, high80, best = places
    return format_html(
        '<svg class="iv-track" role="img" aria-label="{}"><line class="iv-zero" x1="{zero}" x2="{zero}" y2="100%"/>'
        '<rect class="iv-thin" x="{}" width="{}" y="46%" height="2"/>'
        '<rect class="iv-thick" x="{}" width="{}" y="36%" height="8" rx="2"/>'
        '<circle class="iv-pt" cx="{}" cy="50%" r="5.5"/></svg>',
        label,
        percent(low95),
        percent(high95 - low95),
        percent(low80),
        percent(high80 - low80),
        percent(best),
        zero=percent(zero),
    )


def said_and_happened(said: tuple[float, float], likely: tuple[float, float], happened: float, label: str) -> SafeString:
    """A box for what was said, a dot for what happened, and a line for where the truth likely is; shares from 0 to 1."""
    return format_html(
        '<svg class="iv-track" role="img" aria-label="{}"><rect class="iv-band" x="{}" width="{}" y="15%" height="70%" rx="2"/>'
        '<rect class="iv-thin" x="{}" width="{}" y="46%" height="2"/><circle class="iv-pt" cx="{}" cy="50%" r="5.5"/></svg>',
        label,
        percent(said[0]),
        percent(said[1] - said[0]),
        percent(likely[0]),
        percent(likely[1] - likely[0]),
        percent(happened),
    )


def pareto(curve: Sequence[tuple[float, float]]) -> SafeString:
    """Shares of partners along, shares of revenue up, and a straight line where all would bring the same."""
    width, height = 320, 150
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in curve_places(curve, width, height))
    return format_html(
        '<svg class="pareto" viewBox="-2 -2 {} {}" aria-hidden="true" focusable="false">'
        '<polygon class="pareto-fill" points="{} {},{}"/><line class="pareto-even" x1="0" y1="{}" x2="{}" y2="0"/>'
        '<polyline class="pareto-line" points="{}"/></svg>',
        width + 4,
        height + 4,
        points,
        width,
        height,
        height,
        width,
        points,
    )


def sparkline(points: Sequence[float], width: int = 92, height: int = 30) -> SafeString:
    """A line through the points, lowest at the bottom; nothing for fewer than two points."""
    if len(points) < 2:
        return SafeString("")
    places = spark_places(points, width, height)
    line = "".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(places))
    return format_html(
        '<svg class="spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true" focusable="false">'
        '<path class="spark-line" d="{2}"/><circle class="spark-end" cx="{3}" cy="{4}" r="2.6"/></svg>',
        width,
        height,
        line,
        f"{places[-1][0]:.1f}",
        f"{places[-1][1]:.1f}",
    )


def _fill(share: float, css: str = "bar-fill") -> SafeString:
    if share <= 0:
        return SafeString("")
    return format_html('<rect class="{}" width="{}" height="100%" rx="2"/>', css, percent(share))


def _mark(value: float | None, longest: float) -> SafeString:
    if value is None:
        return SafeString("")
    return format_html('<rect class="bar-tick" x="{}" width="2" height="100%"/>', percent(share_of(value, longest)))
