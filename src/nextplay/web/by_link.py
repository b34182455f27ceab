"""Coming in by a link instead of a sign-in: counted like sign-in where it fails, and never remembered by anybody on the way."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from nextplay.operations.portal.partner_links import LinkIsNoMore, counted_as, open_link
from nextplay.operations.viewer import NotForThisViewer, Viewer
from nextplay.program.load import ProgramError
from nextplay.values.origin import come_from, origin
from nextplay.web.frame import for_one_person, say
from nextplay.web.gate import ASK, NOT_NOW, REFUSALS, public, too_many_tries
from nextplay.web.here import moment

NO_MORE = (
    "Links end by themselves after some days, and a newer one may have taken its place. "
    "Ask your partner manager for a new link: it takes them a minute. Nothing was changed."
)
# Takes the request, the token, who comes in, and what else the address names.
_Page = Callable[Concatenate[HttpRequest, str, Viewer, ...], HttpResponse]


def opens_by_link(page: _Page) -> Callable[..., HttpResponseBase]:
    """A page for whoever holds a link that works. No session, no cookie: the token in the address is all there is.

    A form on it carries that token, which no other site knows; with no referrer sent, Django's own check could not pass.
    """

    @public
    @csrf_exempt
    @wraps(page)
    def answer(request: HttpRequest, token: str, *rest: str, **named: str) -> HttpResponseBase:
        come_from("link", origin().address)
        tried = _Try(request, counted_as(token))
        if not tried.allowed:
            return unremembered(too_many_tries(request))
        try:
            viewer = open_link(token, now=moment())
        except LinkIsNoMore:
            return unremembered(too_many_tries(request) if tried.failed() else _no_more(request))
        return unremembered(_answered(request, token, viewer, *rest, **named))

    def _answered(request: HttpRequest, token: str, viewer: Viewer, *rest: str, **named: str) -> HttpResponse:
        try:
            return page(request, token, viewer, *rest, **named)
        except NotForThisViewer:
            # The partner has left the facts, or a form names what is not theirs.
            return _no_more(request)
        except ProgramError:
            return say(request, NOT_NOW, ASK, status=503, back=reverse("by-link", args=[token]), back_label="Try again")
        except tuple(kind for kinds, _ in REFUSALS for kind in kinds) as error:
            status = next(status for kinds, status in REFUSALS if isinstance(error, kinds))
            back = reverse("by-link", args=[token])
            return say(request, "That was not done", str(error), status=status, back=back, back_label="Back to the page")

    return answer


def unremembered(response: HttpResponse) -> HttpResponse:
    """Not to be kept, indexed, or told to the next site."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return for_one_person(response)


def _no_more(request: HttpRequest) -> HttpResponse:
    return say(request, "This link does not open anything", NO_MORE, status=404, back_label="Sign in instead")


class _Try:
    """One try to open a link, counted by link and place as sign-in counts by address and place; guesses of links together.

    What is kept of it holds no token: the counter gets a request of its own, without path and form.
    """

    def __init__(self, request: HttpRequest, name: str) -> None:
        self._counted = HttpRequest()
        self._counted.META = {
            name: value for name, value in request.META.items() if name in ("REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_ACCEPT")
        }
        self._named = {"username": name}

    @property
    def allowed(self) -> bool:
        return bool(AxesProxyHandler.is_allowed(self._counted, self._named))

    def failed(self) -> bool:
        """Count it. True where it was one too many."""
        AxesProxyHandler.user_login_failed(sender=_Try, credentials=self._named, request=self._counted)
        return bool(getattr(self._counted, "axes_locked_out", False))
