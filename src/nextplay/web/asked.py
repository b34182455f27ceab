"""What an address asks for. Whatever does not parse counts as not asked: an address made by hand never breaks a page."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from nextplay.values.period import FIRST_DAY, LAST_DAY

DEFAULT_PERIOD = 90
# Days looked back, None for all time, and how that is called.
PERIODS: tuple[tuple[int | None, str], ...] = (
    (30, "Last 30 days"),
    (90, "Last 90 days"),
    (180, "Last 180 days"),
    (365, "Last 365 days"),
    (None, "All time"),
)
ALL_TIME = "all"


@dataclass(frozen=True)
class View:
    """The part of an address that narrows a dashboard; it reproduces the view for whoever opens it."""

    segment: str | None
    tier: str | None
    period_days: int | None
    as_of: date | None
    stages: str
    active: str | None = None
    sourced: str | None = None
    # What the address says and could not be read, by name.
    misread: tuple[str, ...] = field(default=(), compare=False)

    def address(self, path: str, **extra: str | None) -> str:
        """The path with segment, tier and what else is named; a `None` leaves something out."""
        return _address(path, {"segment": self.segment, "tier": self.tier, **extra})

    def whole_address(self, path: str, **extra: str | None) -> str:
        """The path with everything that narrows this view, so that it shows the same to whoever opens it."""
        return _address(path, {**self._narrowing, **extra})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form must carry along so that the view stays."""
        named = self._narrowing | {"as_of": None, "stages": self.stages}
        return [(name, value) for name, value in named.items() if value]

    @property
    def _narrowing(self) -> dict[str, str | None]:
        return {
            "segment": self.segment,
            "tier": self.tier,
            "period": period_key(self.period_days) if self.period_days != DEFAULT_PERIOD else None,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "active": self.active,
            "sourced": self.sourced,
        }


def period_key(days: int | None) -> str:
    """How an address says a period."""
    return ALL_TIME if days is None else str(days)


def _address(path: str, named: dict[str, str | None]) -> str:
    query = urlencode({name: value for name, value in named.items() if value})
    return f"{path}?{query}" if query else path


def view_of(request: HttpRequest) -> View:
    """Read the filter of a dashboard."""
    return view_in(request.GET)


def view_in(query: QueryDict) -> View:
    """The same from a query string. A tier counts only inside a segment."""
    segment = query.get("segment") or None
    periods = {period_key(days): days for days, _ in PERIODS}
    period, day = query.get("period", ""), day_in(query.get("as_of", ""))
    stages = query.get("stages", "")
    known = {"period": not period or period in periods, "as_of": not query.get("as_of") or day is not None}
    return View(
        segment=segment,
        tier=(query.get("tier") or None) if segment else None,
        period_days=periods.get(period, DEFAULT_PERIOD),
        as_of=day,
        stages=stages if stages in ("deal", "partner") else "partner",
        active=query.get("active") or None,
        sourced=query.get("sourced") or None,
        misread=tuple(name for name, understood in known.items() if not understood),
    )


def day_in(text: str) -> date | None:
    """A day written as `2026-11-13`, of the time that facts can be about."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def number_in(text: str, otherwise: int = 1) -> int:
    """A whole number above zero; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000 else otherwise


def back_to(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Go back to the page of ours that a form names in `next`, never to somebody else's."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = reverse(otherwise)
    return HttpResponseRedirect(target, status=303)
