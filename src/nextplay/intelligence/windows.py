"""When: the window a figure is about, the one before it, and the ten points of its trend."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from nextplay.values.period import end_of

TREND_DAYS = 90
TREND_POINTS = 10


@dataclass(frozen=True)
class Window:
    """From `start` (None: from the beginning) up to and without `end`. `latest`: it ends where the facts of the scope end."""

    name: str
    start: datetime | None
    end: datetime
    latest: bool = False

    def holds(self, moment: ir.TimestampValue) -> ir.BooleanValue:
        """Whether a moment lies in the window; null, which no filter counts, without a date. Without a start it is in it.

        Making it false instead doubles what the dashboards' widest query costs.
        """
        if self.start is None:
            return moment.isnull() | (moment < _literal(self.end))
        return (moment >= _literal(self.start)) & (moment < _literal(self.end))

    def begun(self, moment: ir.TimestampValue) -> ir.BooleanValue:
        """Whether a moment lies before the end of the window; what has no date counts as begun."""
        return moment.isnull() | (moment < _literal(self.end))

    @property
    def days(self) -> int | None:
        """How long it is; None from the beginning."""
        return (self.end - self.start).days if self.start else None

    def earlier(self, days: int) -> "Window":
        """The same stretch of time, so many days earlier."""
        back = timedelta(days=days)
        return Window(self.name, self.start - back if self.start else None, self.end - back)

    def reaches_past(self, moment: ir.TimestampValue) -> ir.BooleanValue:
        """Whether a moment lies at or after the end of the window; null without a date."""
        return moment >= _literal(self.end)


@dataclass(frozen=True)
class Clock:
    """The windows of one dashboard. `before` is None for all time: nothing lies before it."""

    now: Window
    before: Window | None
    trend: tuple[Window, ...]

    @property
    def all(self) -> tuple[Window, ...]:
        """Every window once; the last point of the trend is `now`."""
        return (*self.trend[:-1], self.now, *((self.before,) if self.before else ()))

    @property
    def compared(self) -> "Clock":
        """The period and the one before, without the points of the trend between them."""
        return Clock(self.now, self.before, (self.now,))

    @property
    def alone(self) -> "Clock":
        """The period by itself, compared with nothing."""
        return Clock(self.now, None, (self.now,))

    def may_hold(self, moment: ir.TimestampValue) -> ir.BooleanValue:
        """Whether a moment is late enough for any window. Most of long facts is not, and an engine skips it unread."""
        starts = [window.start for window in self.all]
        earliest = min((start for start in starts if start is not None), default=None)
        if earliest is None or None in starts:
            return ibis.literal(value=True)
        return moment >= _literal(earliest)

    def back(self, days: int) -> "Clock":
        """The same ends with windows of `days`: what counts as active looks back by its own definition."""
        return Clock(
            now=_back(self.now, days),
            before=_back(self.before, days) if self.before else None,
            trend=tuple(_back(window, days) for window in self.trend),
        )


def clock_of(as_of: date, period_days: int | None) -> Clock:
    """The clock of a dashboard that looks `period_days` back from the end of a day, or over all time."""
    end = end_of(as_of)
    now = _window("now", end, period_days, latest=True)
    before = None if period_days is None else _window("before", end - timedelta(days=period_days), period_days)
    step = timedelta(days=TREND_DAYS) / (TREND_POINTS - 1)
    earlier = [_window(f"t{point}", end - step * (TREND_POINTS - 1 - point), period_days) for point in range(TREND_POINTS - 1)]
    return Clock(now=now, before=before, trend=(*earlier, now))


def _window(name: str, end: datetime, days: int | None, *, latest: bool = False) -> Window:
    return Window(name, None if days is None else end - timedelta(days=days), end, latest)


def _back(window: Window, days: int) -> Window:
    return _window(window.name, window.end, days, latest=window.latest)


def _literal(moment: datetime) -> ir.TimestampScalar:
    return ibis.literal(moment, "timestamp(6)")
