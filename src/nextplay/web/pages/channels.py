"""Channels of the team, for admins: add, change, remove, and send a test."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from nextplay.operations.messages.manage_channels import (
    UnfitChannel,
    add_channel,
    change_channel,
    list_channels,
    remove_channel,
    send_test,
)
from nextplay.operations.viewer import Role, require
from nextplay.web import figures
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of

# What the team can be told of.
KINDS = ("meeting summary",)


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Show all channels; take a new one. What is wrong is said beside the form, which never gives the address back."""
    viewer, sent = viewer_of(request), request.POST
    require(viewer, Role.ADMIN)
    error = ""
    if request.method == "POST":
        try:
            added = add_channel(
                installation().home, viewer, sent.get("name", ""), sent.get("url", ""), _kinds(request), now=moment()
            )
        except UnfitChannel as refused:
            error = str(refused)
        else:
            say_later(request, Toast(f"The channel {added.name} is there. Send a test to see that it works."))
            return HttpResponseRedirect(reverse("channels"), status=303)
    context = {
        **sections("channels"),
        "channels": [(one, ", ".join(figures.words(kind) for kind in one.kinds)) for one in list_channels(viewer)],
        "kinds": [(kind, figures.words(kind)) for kind in KINDS],
        "error": error,
        "name": sent.get("name", ""),
        "program": installation().program.name,
    }
    status = 422 if error else 200
    return show(request, "nextplay/pages/settings_channels.html", context, shell=shell_of(request, "settings"), status=status)


@require_POST
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Change a channel, remove it, or send a test through it."""
    viewer, sent, now = viewer_of(request), request.POST, moment()
    require(viewer, Role.ADMIN)
    revision = number_in(sent.get("revision", ""), otherwise=0)
    if sent.get("do") == "test":
        send_test(viewer, name, now=now)
        done = f"A test to {name} is on its way."
    elif sent.get("do") == "remove":
        remove_channel(viewer, name, revision=revision, now=now)
        done = f"The channel {name} is gone, and its address with it."
    else:
        change_channel(installation().home, viewer, name, _kinds(request), sent.get("url", ""), revision=revision, now=now)
        done = f"The channel {name} was changed."
    say_later(request, Toast(done))
    return HttpResponseRedirect(reverse("channels"), status=303)


def _kinds(request: HttpRequest) -> list[str]:
    return [kind for kind in request.POST.getlist("kind") if kind in KINDS]
