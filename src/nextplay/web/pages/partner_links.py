"""Links to a partner's page, from the profile: making one, and ending one."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nextplay.operations.messages.channels import mail_settings
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.portal.partner_links import make_link, revoke_link
from nextplay.web.addresses import whole_address
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of


@require_POST
def make(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Make a link and show it, this once: it is kept nowhere."""
    viewer, now = viewer_of(request), moment()
    asked = request.POST.get("mail") == "yes" and mail_settings(installation().home) is not None
    mailed = partial(address_of, request) if asked else None
    made = make_link(installation(), viewer, partner_id, sent_to=request.POST.get("sent_to", ""), mailed=mailed, now=now)
    _, found = require_partner(installation(), viewer, partner_id, now=now)
    context = {
        "partner_id": partner_id,
        "name": found["name"].item(),
        "link": address_of(request, made.token),
        "made": made.record,
        "mailed": bool(mailed and made.record.sent_to),
        "today": now.date(),
    }
    return show(request, "nextplay/pages/link_made.html", context, shell=shell_of(request, "partners"))


@require_POST
def revoke(request: HttpRequest, partner_id: str, handle: str) -> HttpResponse:
    """End a link."""
    revoke_link(installation(), viewer_of(request), partner_id, handle, now=moment())
    say_later(request, Toast("The link opens nothing any more."))
    return HttpResponseRedirect(reverse("partner", args=[partner_id]) + "#links", status=303)


def address_of(request: HttpRequest, token: str) -> str:
    """A link in full: under the address people open, where one is set."""
    return whole_address(request, reverse("by-link", args=[token]))
