"""Day and hour of a working session: set, moved, called off; those invited are told by mail."""

from datetime import time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nextplay.operations.plays.invite_session import Wanted, call_off_session, plan_session
from nextplay.operations.plays.log_step import NotADayForAStep
from nextplay.web import figures
from nextplay.web.asked import day_in
from nextplay.web.frame import Toast, say_later
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment


@require_POST
def session_date(request: HttpRequest, decision_id: str, number: int) -> HttpResponse:
    """Invite, move or call off."""
    viewer, said, now = viewer_of(request), request.POST, moment()
    if said.get("do") == "call off":
        call_off_session(installation(), viewer, decision_id, number, now=now)
        told = "Called off. Everybody invited is told by mail."
    else:
        held = plan_session(installation(), viewer, decision_id, number, _wanted(request), now=now)
        whom = f"{held.guest} and {held.owner} get" if held.guest else f"{held.owner} gets"
        told = f"{figures.day(day_in(said.get('day', '')), now.date())}, {said.get('hour')}: {whom} an invitation by mail."
    say_later(request, Toast(told))
    return HttpResponseRedirect(reverse("session", args=[decision_id]), status=303)


def _wanted(request: HttpRequest) -> Wanted:
    said, seen = request.POST, request.POST.get("seen", "")
    day = day_in(said.get("day", ""))
    try:
        hour = time.fromisoformat(said.get("hour", ""))
    except ValueError:
        day = None
    if day is None:
        raise NotADayForAStep("Choose a day and an hour.")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
    return Wanted(day, hour.replace(tzinfo=None), said.get("time_zone", ""), said.get("guest", ""), number)
