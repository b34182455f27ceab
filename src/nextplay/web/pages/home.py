"""Where one arrives: the dashboard, one's own organization, or what to do first."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.operations.viewer import Role
from nextplay.web.gate import viewer_of
from nextplay.web.guided import guide_of
from nextplay.web.here import has_facts
from nextplay.web.pages.first_run import guide
from nextplay.web.pages.partner_page import own_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to where this person's day starts."""
    viewer = viewer_of(request)
    if viewer.role is Role.PARTNER:
        return own_page(request, viewer)
    found = guide_of(request)
    if has_facts() and (found is None or found.left or found.over):
        return HttpResponseRedirect(reverse("dashboard"))
    return guide(request, viewer, found)
