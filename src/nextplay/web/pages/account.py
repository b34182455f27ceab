"""Signing in and out, and how pages look for one person."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from nextplay.operations.people import note_sign_in
from nextplay.operations.preferences import change_appearance
from nextplay.web.asked import back_to
from nextplay.web.gate import public, viewer_of
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
        note_sign_in(form.get_user().get_username(), now=moment())
        return answer

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """Add the program's name, and what was wrong with the last attempt."""
        context = super().get_context_data(**named)
        context["program"] = installation().program.name
        context["email"] = self.request.POST.get("username", "")
        context["error"] = NO_MATCH if context["form"].errors else ""
        return context


sign_in = public(SignIn.as_view())
sign_out = LogoutView.as_view()


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep how pages look for this person."""
    change_appearance(viewer_of(request), theme=request.POST.get("theme"), keys=request.POST.get("keys"), now=moment())
    return back_to(request, "home")
