"""What do I do on Monday: the page of a partner's own people, signed in or by a link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.operations.partner_page import show_partner_page
from nextplay.operations.viewer import Viewer
from nextplay.web.by_link import opens_by_link
from nextplay.web.frame import Shell, for_one_person
from nextplay.web.here import installation, moment
from nextplay.web.partner_shown import shown_page
from nextplay.web.surround import shell_of


def own_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The page for someone who signed in."""
    return for_one_person(_page(request, viewer, base=reverse("home"), shell=shell_of(request, "home")))


@opens_by_link
@require_safe
def by_link(request: HttpRequest, token: str, viewer: Viewer) -> HttpResponse:
    """The same page for whoever holds a link. Looking changes nothing, so a mail scanner may look."""
    return _page(request, viewer, base=reverse("by-link", args=[token]), shell=None)


def _page(request: HttpRequest, viewer: Viewer, *, base: str, shell: Shell | None) -> HttpResponse:
    now = moment()
    shown = shown_page(show_partner_page(installation(), viewer, now=now), now=now)
    context = {"page": shown, "base": base, "shell": shell, "viewer": viewer, "today": now.date()}
    return render(request, "nextplay/pages/partner_page.html", context)
