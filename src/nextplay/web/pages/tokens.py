"""What lets somebody in without a sign-in, for admins: which links and feeds work, when last used, and ending them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nextplay.operations.admin.tokens import end_feed, end_link, working_feeds, working_links
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the links and calendar feeds that work; end one."""
    viewer, sent, now = viewer_of(request), request.POST, moment()
    if sent.get("feed"):
        end_feed(viewer, sent["feed"], now=now)
        say_later(request, Toast("The calendar address is ended. Whoever holds it reads nothing more."))
        return HttpResponseRedirect(reverse("tokens"), status=303)
    if request.method == "POST":
        end_link(viewer, sent.get("partner", ""), sent.get("handle", ""), now=now)
        say_later(request, Toast("The link is ended. Whoever holds it is let in no more."))
        return HttpResponseRedirect(reverse("tokens"), status=303)
    found = working_links(installation(), viewer, now=now)
    context = {**sections("tokens"), "links": found, "feeds": working_feeds(viewer), "today": now.date()}
    return show(request, "nextplay/pages/settings_tokens.html", context, shell=shell_of(request, "settings"))
