"""Promises of both sides, from a play's page and from My week: made, met, missed, taken back."""

from typing import Literal, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from nextplay.operations.plays.promises import end_promise, make_promise, take_back_promise
from nextplay.operations.viewer import NotForThisViewer
from nextplay.web import figures
from nextplay.web.asked import back_to, day_in, number_in
from nextplay.web.frame import PutBack, Toast, say_later
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment

BECAME = {"met": "Met", "missed": "Missed", "withdrawn": "Taken back"}


@require_POST
def make(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Write a promise down."""
    now, sent = moment(), request.POST
    if sent.get("by") not in ("us", "partner"):
        raise NotForThisViewer
    promise = make_promise(
        installation(),
        viewer_of(request),
        decision_id,
        by=cast(Literal["us", "partner"], sent["by"]),
        text=sent.get("text", ""),
        due=day_in(sent.get("due", "")),
        now=now,
    )
    say_later(request, Toast(f"Promised by {figures.day(promise.due, now.date())}: {promise.text}"))
    return back_to(request, "week")


@require_POST
def end(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Say what became of it: one click."""
    sent = request.POST
    state = sent.get("state", "")
    if state not in BECAME:
        raise NotForThisViewer
    became = cast(Literal["met", "missed", "withdrawn"], state)
    revision = number_in(sent.get("revision", ""), otherwise=-1)
    promise = end_promise(installation(), viewer_of(request), promise_id, revision=revision, state=became, now=moment())
    undo = PutBack(
        reverse("promise-undo", args=[promise_id]), (str(promise.revision),), sent.get("next", "") or reverse("week")
    )
    say_later(request, Toast(f"{BECAME[state]}: {promise.text}", put_back=undo))
    return back_to(request, "week")


@require_POST
def undo(request: HttpRequest, promise_id: int) -> HttpResponse:
    """Open it again."""
    revision = number_in(request.POST.get("item", ""), otherwise=-1)
    promise = take_back_promise(installation(), viewer_of(request), promise_id, revision=revision, now=moment())
    say_later(request, Toast(f"Open again: {promise.text}"))
    return back_to(request, "week")
