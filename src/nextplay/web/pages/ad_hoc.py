"""A decision that a manager takes beside the proposals; and disputing an outcome."""

from datetime import date, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from nextplay.operations.deciding.decide_ad_hoc import AdHoc, choices_for, decide_ad_hoc
from nextplay.operations.plays.dispute_outcome import dispute_outcome, withdraw_dispute
from nextplay.operations.viewer import Viewer
from nextplay.values.period import Month
from nextplay.web import figures
from nextplay.web.asked import day_in, number_in
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

# Choices of the form beside the plays, which cannot be names of plays.
ALONE = {":stop": "stop", ":wait": "wait"}


@require_http_methods(["GET", "HEAD", "POST"])
def ad_hoc(request: HttpRequest) -> HttpResponse:
    """Ask for the decision, and keep it."""
    viewer = viewer_of(request)
    return _keep(request, viewer) if request.method == "POST" else _ask(request, viewer)


@require_POST
def dispute(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Keep why an outcome is wrong, or take that back."""
    viewer, now, sent = viewer_of(request), moment(), request.POST
    revision = number_in(sent.get("revision", ""), otherwise=-1)
    if sent.get("withdraw"):
        withdraw_dispute(installation(), viewer, decision_id, revision=revision, now=now)
        say_later(request, Toast("Withdrawn. Nobody disputes this outcome."))
    else:
        dispute_outcome(installation(), viewer, decision_id, revision=revision, reason=sent.get("reason", ""), now=now)
        say_later(request, Toast("Kept. The outcome stands as the facts say, and your reason beside it."))
    return HttpResponseRedirect(reverse("play", args=[decision_id]), status=303)


def _ask(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    now, query = moment(), request.GET
    found = choices_for(installation(), viewer, query.get("partner", ""), now=now)
    first = {"double_down": "invest", "change_course": "change_approach"}.get(query.get("then", ""), "")
    plays = sorted(found.plays, key=lambda play: play.verdict != first) if first else list(found.plays)
    context = {
        "found": found,
        "plays": plays,
        "chosen": query.get("play", ""),
        "owner": viewer.email.lower(),
        "token": uuid4().hex,
        "today": now.date(),
        "tomorrow": now.date() + timedelta(days=1),
        "look_again": Month.of(now.date()).next.first,
    }
    return show(request, "nextplay/pages/ad_hoc.html", context, shell=shell_of(request, "focus"))


def _keep(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    now, sent = moment(), request.POST
    choice = sent.get("play", "")
    asked = AdHoc(
        partner_id=sent.get("partner", ""),
        play="" if choice in ALONE else choice,
        verdict=ALONE.get(choice, ""),
        owner=sent.get("owner", ""),
        why=sent.get("why", ""),
        due=day_in(sent.get("due", "")),
        until=day_in(sent.get("until", "")),
        outcome=sent.get("outcome", ""),
        token=sent.get("token", "")[:64],
    )
    record = decide_ad_hoc(installation(), viewer, asked, now=now)
    say_later(
        request,
        Toast(
            _told("" if record.play else record.verdict, record.due, now.date()),
            undo=record.decision_id,
            revision=record.revision,
        ),
    )
    return HttpResponseRedirect(reverse("play", args=[record.decision_id]) if record.play else reverse("focus"), status=303)


def _told(verdict: str, due: date, today: date) -> str:
    """What was kept, in a sentence."""
    day = figures.day(due, today)
    alone = {"stop": f"Stopped: no play before {day}.", "wait": f"Put off: it can be proposed again on {day}."}
    return alone.get(verdict, f"Decided and committed. The first step is due {day}.")
