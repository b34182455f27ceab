"""How one person is told: which messages, when and by which way; and a calendar feed that is made, read and taken back."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nextplay.operations.admin.tokens import end_link, own_links
from nextplay.operations.messages.tell_person import DAILY, KINDS, SUMMARY, WEEKLY
from nextplay.operations.messages.told import Told, change_told, stop_all, told, ways
from nextplay.operations.reminders.calendar_feed import calendar_feed, feed_of, make_feed, revoke_feed
from nextplay.web.addresses import whole_address
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, for_one_person, say_later, show
from nextplay.web.gate import public, viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = ("digest_day", "digest_hour", "quiet_from", "quiet_until")
# What each kind of message is, as the page says it.
SAID = {
    WEEKLY: ("Weekly digest", "What is late, due, promised, waiting and closed, in one message"),
    DAILY: ("Daily reminder", "On working days, at your hour, only where something is new; none on the day of the digest"),
    SUMMARY: ("Meeting summary", "What you own after a decision meeting, with the dates"),
}


@public
@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The dates behind a token."""
    content = calendar_feed(installation(), token, now=moment())
    return for_one_person(HttpResponse(content, content_type="text/calendar; charset=utf-8"))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keep how this person wants to be told."""
    said, viewer = request.POST, viewer_of(request)
    if said.get("do") == "stop":
        stop_all(viewer, now=moment())
        say_later(request, Toast("Stopped. You get no message any more; everything stays readable here."))
        return HttpResponseRedirect(reverse("calendar"), status=303)
    hours = {name: 0 if said.get(name) == "0" else number_in(said.get(name, ""), otherwise=-1) for name in HOURS}
    kinds = frozenset(said.getlist("kind")) & frozenset(KINDS)
    wanted = Told(kinds, **hours, time_zone=said.get("time_zone", ""), channel=said.get("channel", ""))
    change_told(installation(), viewer, wanted, now=moment())
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
    if request.POST.get("do") == "end":
        end_link(viewer, request.POST.get("partner", ""), request.POST.get("handle", ""), now=moment())
        say_later(request, Toast("The link is ended. Whoever holds it is let in no more."))
        return HttpResponseRedirect(reverse("calendar"), status=303)
    address = ""
    if request.method == "POST":
        address = whole_address(request, reverse("calendar-feed", args=[make_feed(viewer, now=moment())]))
    held = told(viewer)
    context = {
        "there": feed_of(viewer),
        "links": own_links(installation(), viewer, now=moment()),
        "today": moment().date(),
        "address": address,
        "told": held,
        "kinds": [(kind, *SAID[kind], held.wants(kind)) for kind in KINDS],
        "ways": ways(installation()),
        "chosen": next(iter(held.channels), ""),
        "days": DAYS,
        "hours": range(24),
    }
    return show(request, "nextplay/pages/calendar.html", context, shell=shell_of(request, "week"))
