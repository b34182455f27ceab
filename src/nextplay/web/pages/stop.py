"""Stopping a kind of message by the link in it, without signing in: one press, or none for a mail program (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from nextplay.operations.messages.stop_link import NotALink, stop, stopped_by
from nextplay.operations.viewer import NotForThisViewer
from nextplay.values.origin import come_from, origin
from nextplay.web.frame import for_one_person, say
from nextplay.web.gate import public
from nextplay.web.here import moment


@public
# A mail program sends no token of ours; the link itself is signed, and all it can do is stop mail.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_messages(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, as programs that look at every link would stop it for nobody; then stop."""
    try:
        _, kind = stopped_by(token)
        if request.method == "POST":
            come_from("link", origin().address)
            stop(token, now=moment())
            return for_one_person(say(request, "Stopped", f"You get no {kind} by mail any more.", status=200))
    except NotALink as error:
        raise NotForThisViewer from error
    return for_one_person(render(request, "nextplay/pages/stop.html", {"kind": kind}))
