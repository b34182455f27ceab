"""Where one arrives: the dashboard, one's own organization, or what to do first."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.operations.viewer import Role
from nextplay.web.contract import offers
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import has_facts
from nextplay.web.pages.partner_page import own_page
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to where this person's day starts."""
    viewer = viewer_of(request)
    if viewer.role is Role.PARTNER:
        return own_page(request, viewer)
    if has_facts():
        return HttpResponseRedirect(reverse("dashboard"))
    context = {
        "first_name": viewer.name.split(maxsplit=1)[0] if viewer.name.strip() else "",
        "may_load": viewer.role in MAY_IMPORT,
        "contract": offers(),
    }
    return show(request, "nextplay/pages/first_run.html", context, shell=shell_of(request, "home"))
