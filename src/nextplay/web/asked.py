"""What an address asks for. Whatever does not parse counts as not asked: an address made by hand never breaks a page."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from nextplay.values.period import FIRST_DAY, LAST_DAY

PERIODS = ((30, "Last 30 days"), (90, "Last 90 days"), (180, "Last 180 days"), (365, "Last 365 days"))
DEFAULT_PERIOD = 90


@dataclass(frozen=True)
class View:
    """The part of an address that narrows a dashboard; it reproduces the view for whoever opens it."""

    segment: str | None
    tier: str | None
    period_days: int
    as_of: date | None
    stages: str
    active: str | None = None
    sourced: str | None = None

    def address(self, path: str, **extra: str | None) -> str:
        """The path with this filter and what else is named; a `None` leaves something out."""
        named = {"segment": self.segment, "tier": self.tier, **extra}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form must carry along so that the view stays."""
        period = str(self.period_days) if self.period_days != DEFAULT_PERIOD else None
        named = {"segment": self.segment, "tier": self.tier, "period": period, "stages": self.stages}
        named |= {"active": self.active, "sourced": self.sourced}
        return [(name, value) for name, value in named.items() if value]


def view_of(request: HttpRequest) -> View:
    """Read the filter of a dashboard."""
    return view_in(request.GET)


def view_in(query: QueryDict) -> View:
    """The same from a query string. A tier counts only inside a segment."""
    segment = query.get("segment") or None
    periods = {str(days): days for days, _ in PERIODS}
    stages = query.get("stages", "")
    return View(
        segment=segment,
        tier=(query.get("tier") or None) if segment else None,
        period_days=periods.get(query.get("period", ""), DEFAULT_PERIOD),
        as_of=day_in(query.get("as_of", "")),
        stages=stages if stages in ("deal", "partner") else "partner",
        active=query.get("active") or None,
        sourced=query.get("sourced") or None,
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
