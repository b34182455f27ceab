"""Who comes in, and what they are told when something does not go: sign-in, and every refusal as a status and a sentence."""

from collections.abc import Callable
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from nextplay.operations.background.refusals import OVERTAKEN, UNFIT
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.program.load import ProgramError
from nextplay.values.origin import coming_from
from nextplay.web.frame import Toast, is_part, say
from nextplay.web.uploads import UploadGone

View = Callable[..., HttpResponseBase]

# As long as the ledger keeps an address.
LONGEST_ADDRESS = 254
# What is wrong with our program file is nobody else's business.
NOT_NOW, ASK = (
    "This page cannot be shown right now",
    "Something on our side needs mending. Ask your partner manager.",
)
# Refusals that are a sentence about what was asked, and their status.
REFUSALS = ((OVERTAKEN, 409), (UNFIT, 422), ((UploadGone,), 410))


class _Person(Protocol):
    """What the ledger's signed-in person offers."""

    email: str
    name: str
    role: str
    partner_id: str | None
    appearance: dict[str, str]


def appearance_of(request: HttpRequest) -> dict[str, str]:
    """How pages look for the signed-in person, who was read to let them in: `theme` and `keys`."""
    return cast(_Person, request.user).appearance or {}


def viewer_of(request: HttpRequest) -> Viewer:
    """The signed-in person, as operations know them."""
    person = cast(_Person, request.user)
    return Viewer(email=person.email, name=person.name, role=Role(person.role), partner_id=person.partner_id)


def public(view: View) -> View:
    """Mark a page as open to people who have not signed in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


class GateMiddleware:
    """Lets nobody in unsigned, and turns refusals into answers, so that no page has `except` arms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from("web", request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _arguments: tuple[Any, ...], _named: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Ask for sign-in, unless the page is open to all."""
        if request.user.is_authenticated:
            return None
        if getattr(view, "open_to_all", False):
            return None
        if is_part(request):
            return HttpResponseClientRedirect(reverse("sign-in"))
        return redirect_to_login(request.get_full_path(), reverse("sign-in"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else goes on to be a 500."""
        if isinstance(exception, NotForThisViewer):
            return not_found(request)
        if isinstance(exception, ProgramError) and getattr(request.user, "role", "") == Role.PARTNER:
            return say(request, NOT_NOW, ASK, status=503)
        for refusals, status in REFUSALS:
            if isinstance(exception, refusals):
                return refuse(request, str(exception), status)
        return None


def refuse(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """Say why something was not done: on its own page, or in the toast of the page that htmx stays on."""
    if not is_part(request):
        return say(request, "That was not done", sentence, status=status)
    response = render(request, "nextplay/parts/toast.html", {"toast": Toast(sentence, bad=True)}, status=status)
    response["HX-Retarget"] = "#toasts"
    response["HX-Reswap"] = "outerHTML"
    response["HX-Push-Url"] = "false"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django hands it over
    """Answer what does not exist, or not for this viewer, which must look the same to the last byte."""
    return say(request, "This page does not exist", "Check the address, or go back to the start.", status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 Django hands it over
    """Answer a request that may not be made."""
    return say(request, "That is not allowed", "Go back, reload the page and try again.", status=403)


def not_trusted(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 Django hands it over
    """Answer a form that was not sent from one of our own pages, or after signing out."""
    return say(request, "This form is too old", "Go back, reload the page and send it again. Nothing was changed.", status=403)


def address_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose sign-in was tried, written as the ledger keeps it: other spellings of an address buy no more tries."""
    tried = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(tried).strip().lower()[:LONGEST_ADDRESS]


def too_many_tries(request: HttpRequest, *_rest: object, **_named: object) -> HttpResponse:
    """Answer sign-in attempts after too many failures."""
    sentence = "Too many attempts to sign in. Wait a few minutes, then try again."
    return say(request, "Wait a little", sentence, status=429, back_label="Back to sign-in")


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when we failed."""
    sentence = "The page could not be made. What you did before is kept. Try again; if it stays so, tell your admin the time."
    return say(request, "Something went wrong on our side", sentence, status=500)
