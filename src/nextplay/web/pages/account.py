"""Signing in and out, and how pages look for one person."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from nextplay.operations.messages.letters import address
from nextplay.operations.messages.password_mail import can_mail, mail_password_link
from nextplay.operations.people import WeakPassword, note_sign_in, person_of_link, set_password_by_link
from nextplay.operations.preferences import change_appearance
from nextplay.values.origin import come_from, coming_from, origin
from nextplay.web.asked import back_to
from nextplay.web.frame import for_one_person
from nextplay.web.gate import LONGEST_ADDRESS, not_found, public, viewer_of
from nextplay.web.here import installation, moment

# The same sentence whether the address or the password is wrong: it does not tell who has an account.
NO_MATCH = "Email and password do not match. Passwords are case sensitive."


class SignIn(LoginView):
    """The sign-in page. Goes on to where the person wanted to be."""

    template_name = "nextplay/pages/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let the person in, and write it down."""
        answer = super().form_valid(form)
        with coming_from("web", origin().address):
            note_sign_in(form.get_user().get_username(), now=moment())
        return answer

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Add the program's name, and what was wrong with the last attempt."""
        context = super().get_context_data(**named)
        context["program"] = installation().program.name
        context["email"] = self.request.POST.get("username", "")
        context["mails"] = _mails()
        context["note"] = "Your password is set. Sign in with it." if self.request.GET.get("set") == "yes" else ""
        context["error"] = NO_MATCH if context["form"].errors else ""
        return context


sign_in = public(SignIn.as_view())
sign_out = LogoutView.as_view()


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """Let the holder of a link set a password; then they sign in with it. Raises LinkUsedUp."""
    come_from("link", origin().address)
    person, error = person_of_link(who, token), ""
    if request.method == "POST":
        try:
            set_password_by_link(who, token, password=request.POST.get("password", ""), now=moment())
        except WeakPassword as refused:
            error = str(refused)
        else:
            return HttpResponseRedirect(f"{reverse('sign-in')}?set=yes", status=303)
    context = {"person": person, "program": installation().program.name, "error": error}
    return for_one_person(render(request, "nextplay/pages/welcome.html", context, status=422 if error else 200))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to set a new password. The answer is the same whether or not somebody signs in with the address."""
    if not _mails():
        return not_found(request)
    asked = request.method == "POST"
    if asked:
        mail_password_link(
            request.POST.get("username", "")[:LONGEST_ADDRESS],
            lambda who, token: address(reverse("welcome", args=[who, token])),
            program=installation().program.name,
            now=moment(),
        )
    context = {"program": installation().program.name, "asked": asked}
    return for_one_person(render(request, "nextplay/pages/forgotten.html", context))


def _mails() -> bool:
    """Whether a stranger may have a link mailed: never under a host that their own request names."""
    return bool(address("")) and can_mail(installation().home)


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep how pages look for this person."""
    change_appearance(viewer_of(request), theme=request.POST.get("theme"), keys=request.POST.get("keys"), now=moment())
    return back_to(request, "home")
