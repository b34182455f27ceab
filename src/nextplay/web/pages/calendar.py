"""How one person is told: the weekly digest, and a calendar feed that is made, read and taken back."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nextplay.operations.calendar_feed import calendar_feed, has_feed, make_feed, revoke_feed
from nextplay.operations.digest import KIND
from nextplay.operations.told import Told, change_told, told
from nextplay.web.addresses import whole_address
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, for_one_person, say_later, show
from nextplay.web.gate import public, viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = ("digest_day", "digest_hour", "quiet_from", "quiet_until")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 the address alone says whose it is
    """The dates behind a token."""
    content = calendar_feed(installation(), token, now=moment())
    return for_one_person(HttpResponse(content, content_type="text/calendar; charset=utf-8"))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keep how this person wants to be told."""
    said = request.POST
    hours = {name: number_in(said.get(name, ""), otherwise=-1) for name in HOURS}
    change_told(viewer_of(request), Told(digest="digest" in said, time_zone=said.get("time_zone", ""), **hours), now=moment())
    say_later(request, Toast("Kept."))
    return HttpResponseRedirect(reverse("calendar"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Say whether there is a feed; make one, whose address is shown once, or take it back."""
    viewer = viewer_of(request)
    if request.POST.get("do") == "revoke":
        revoke_feed(viewer, now=moment())
        say_later(request, Toast("Taken back. The old address opens nothing any more."))
        return HttpResponseRedirect(reverse("calendar"), status=303)
    there, address = has_feed(viewer), ""
    if request.method == "POST":
        address = whole_address(request, reverse("calendar-feed", args=[make_feed(viewer, now=moment())]))
        there = True
    context = {"there": there, "address": address, "told": told(viewer), "days": DAYS, "hours": range(24), "digest": KIND}
    return show(request, "nextplay/pages/calendar.html", context, shell=shell_of(request, "week"))
