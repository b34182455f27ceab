"""What do I do on Monday: the page of a partner's own people, signed in or by a link, and what they answer on it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.plays.play_accounts import Outreach
from nextplay.operations.portal.partner_answers import Said, answer_step, finish_step, report_account
from nextplay.operations.portal.partner_links import note_use
from nextplay.operations.portal.partner_page import show_partner_page
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require
from nextplay.web.asked import day_in, number_in
from nextplay.web.by_link import opens_by_link
from nextplay.web.frame import Shell, for_one_person
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.partner_shown import shown_page
from nextplay.web.surround import shell_of

# What just happened, by what the address says of it: nothing is kept between two pages, as a link has no session.
DONE = {
    "accept": "Thank you, that is agreed.",
    "decline": "Thank you for saying so. We will propose something else.",
    "move": "The new date is noted.",
    "finish": "Noted as done.",
    "sent": "Noted as sent.",
    "replied": "Noted that they replied.",
    "not-for-us": "Noted. It is off your list.",
}


def own_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The page for someone who signed in."""
    return for_one_person(_page(request, viewer, base="/our-page", shell=shell_of(request, "home")))


@require_POST
def act(request: HttpRequest, act: str) -> HttpResponse:
    """Take an answer of someone who signed in."""
    viewer = viewer_of(request)
    require(viewer, Role.PARTNER)
    _take(act, viewer, request.POST)
    return HttpResponseRedirect(f"{reverse('home')}?done={act}", status=303)


@opens_by_link
@require_safe
def by_link(request: HttpRequest, token: str, viewer: Viewer) -> HttpResponse:
    """The same page for whoever holds a link. Looking changes nothing, so a mail scanner may look."""
    return _page(request, viewer, base=reverse("by-link", args=[token]), shell=None)


@opens_by_link
@require_POST
def act_by_link(request: HttpRequest, token: str, viewer: Viewer, act: str) -> HttpResponse:
    """Take an answer by a link."""
    _take(act, viewer, request.POST)
    note_use(token, viewer, now=moment())
    return HttpResponseRedirect(f"{reverse('by-link', args=[token])}?done={act}", status=303)


def _page(request: HttpRequest, viewer: Viewer, *, base: str, shell: Shell | None) -> HttpResponse:
    now = moment()
    shown = shown_page(installation(), show_partner_page(installation(), viewer, now=now), now=now)
    done = DONE.get(request.GET.get("done", ""), "")
    context = {"page": shown, "base": base, "shell": shell, "done": done}
    return render(request, "nextplay/pages/partner_page.html", context)


def _take(act: str, viewer: Viewer, form: QueryDict) -> None:
    """Do what an address names. Raises NotForThisViewer for anything else."""
    if act not in _ACTS:
        raise NotForThisViewer
    _ACTS[act](viewer, form)


def _answer(viewer: Viewer, form: QueryDict, said: Said) -> None:
    number, revision = number_in(form.get("step", ""), otherwise=0), number_in(form.get("revision", ""), otherwise=0)
    answer_step(installation(), viewer, form.get("play", ""), number, revision=revision, said=said, now=moment())


def _accept(viewer: Viewer, form: QueryDict) -> None:
    _answer(viewer, form, Said("accepted"))


def _decline(viewer: Viewer, form: QueryDict) -> None:
    _answer(viewer, form, Said("declined", form.get("reason", "")))


def _move(viewer: Viewer, form: QueryDict) -> None:
    _answer(viewer, form, Said("other_date", form.get("reason", ""), day_in(form.get("due", ""))))


def _finish(viewer: Viewer, form: QueryDict) -> None:
    number, revision = number_in(form.get("step", ""), otherwise=0), number_in(form.get("revision", ""), otherwise=0)
    play, outcome = form.get("play", ""), form.get("outcome", "")
    finish_step(installation(), viewer, play, number, revision=revision, outcome=outcome, now=moment())


def _report(what: Outreach) -> Callable[[Viewer, QueryDict], None]:
    def report(viewer: Viewer, form: QueryDict) -> None:
        message, reason = number_in(form.get("message", ""), otherwise=0), form.get("reason", "")
        play, account = form.get("play", ""), form.get("account", "")
        report_account(installation(), viewer, play, account, what, message=message, reason=reason, now=moment())

    return report


_ACTS: dict[str, Callable[[Viewer, QueryDict], None]] = {
    "accept": _accept,
    "decline": _decline,
    "move": _move,
    "finish": _finish,
    "sent": _report("sent"),
    "replied": _report("replied"),
    "not-for-us": _report("not_for_us"),
}
