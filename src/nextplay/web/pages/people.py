"""People who sign in, for admins: invite, give roles, shut out, and a link to set a password."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.admin.first_run import first_run
from nextplay.operations.messages.password_mail import can_mail, mail_password_link
from nextplay.operations.people import (
    PersonRecord,
    change_role,
    invite,
    let_in,
    list_users,
    make_password_link,
)
from nextplay.operations.viewer import Role
from nextplay.web import figures
from nextplay.web.addresses import whole_address
from nextplay.web.frame import ROLE_NAMES, Toast, say_later, show
from nextplay.web.gate import appearance_of, viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of

ROLES = tuple((str(role), name) for role, name in ROLE_NAMES.items())
EXPLAINED = (
    (Role.ADMIN, "Sees the whole program. Imports, decides, invites people, changes the program file and these settings."),
    (Role.MANAGER, "Sees the partners they own, or all where the program says so. Decides, commits and runs plays."),
    (Role.VIEWER, "Sees the whole program and changes nothing."),
    (Role.PARTNER, "Sees their own organization's rows, nowhere a score, a rank or another partner."),
)
# A link just made is shown once: it waits here for the page that shows it.
_NEW_LINK = "new_link"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody who may sign in, and what roles mean."""
    viewer = viewer_of(request)
    everybody, guide = list_users(viewer), first_run(installation(), viewer, appearance_of(request))
    context = {
        **sections("settings"),
        "people": everybody,
        "me": viewer.email,
        "active": sum(one.active for one in everybody),
        "roles": ROLES,
        "role_names": dict(ROLES),
        "explained": [(ROLE_NAMES[role], text) for role, text in EXPLAINED],
        "link": request.session.pop(_NEW_LINK, None),
        "guide_left": figures.many(len(guide.steps) - guide.done, "step", "steps") if guide.left and not guide.over else "",
        "today": moment().date(),
    }
    return show(request, "nextplay/pages/settings_people.html", context, shell=shell_of(request, "settings"))


@require_POST
def invite_person(request: HttpRequest) -> HttpResponse:
    """Let somebody in, with a link by which they set their password."""
    sent = request.POST
    role = sent.get("role", "viewer")
    person = PersonRecord(
        email=sent.get("email", ""),
        name=sent.get("name", "").strip()[:200],
        role=role if role in dict(ROLES) else "viewer",
        partner_id=sent.get("partner_id", "").strip() or None,
        active=True,
    )
    who, token = invite(installation(), viewer_of(request), person, now=moment())
    return _with_link(request, person.email.strip().lower(), who, token)


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Give a role, shut out or let back in; refused where somebody else changed the person meanwhile."""
    sent, viewer, now = request.POST, viewer_of(request), moment()
    email = sent.get("email", "")
    active = sent.get("seen_active") == "yes"
    seen = PersonRecord(email, "", sent.get("seen_role", ""), sent.get("seen_partner") or None, active)
    if sent.get("do") == "role":
        role, partner = sent.get("role", ""), sent.get("partner_id", "").strip() or None
        changed = change_role(installation(), viewer, email, role=_known(role), partner_id=partner, seen=seen, now=now)
        done = f"{changed.name or changed.email} is now {dict(ROLES)[changed.role].lower()}."
    else:
        changed = let_in(viewer, email, active=not active, seen=seen, now=now)
        done = f"{changed.name or changed.email} may {'sign in again' if changed.active else 'no longer sign in'}."
    say_later(request, Toast(done))
    return HttpResponseRedirect(reverse("settings"), status=303)


@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Make a link by which somebody sets a new password."""
    email = request.POST.get("email", "")
    who, token = make_password_link(viewer_of(request), email, now=moment())
    return _with_link(request, email.strip().lower(), who, token)


def _with_link(request: HttpRequest, email: str, who: str, token: str) -> HttpResponse:
    address = whole_address(request, reverse("welcome", args=[who, token]))
    mailed = can_mail(installation().home) and mail_password_link(
        email,
        lambda person, secret: whole_address(request, reverse("welcome", args=[person, secret])),
        program=installation().program.name,
        actor=viewer_of(request).email,
        now=moment(),
    )
    request.session[_NEW_LINK] = {"email": email, "address": address, "mailed": mailed}
    return HttpResponseRedirect(f"{reverse('settings')}#new-link", status=303)


def _known(role: str) -> str:
    return role if role in dict(ROLES) else Role.VIEWER
