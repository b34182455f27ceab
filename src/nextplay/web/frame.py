"""The frame around every page: who is signed in, where they can go, what just happened; and pages that only say something."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from nextplay.operations.viewer import TEAM, Role, Viewer
from nextplay.web import figures
from nextplay.web.places import MAY_IMPORT, Group, Place, menu_for, tabs_for

ROLE_NAMES = {Role.ADMIN: "Admin", Role.MANAGER: "Partner manager", Role.VIEWER: "Viewer", Role.PARTNER: "Partner"}
THEMES = (("", "System"), ("light", "Light"), ("dark", "Dark"))
PART, WHOLE = "nextplay/part.html", "nextplay/base.html"
TOAST = "toast"
_Answer = TypeVar("_Answer", bound=HttpResponseBase)


@dataclass(frozen=True)
class Shell:
    """What surrounds a page's own content."""

    name: str
    email: str
    role: str
    initials: str
    groups: tuple[Group, ...]
    tabs: tuple[Place, ...]
    current: str
    theme: str
    keys_off: bool
    sample: bool
    finds_partners: bool
    may_import: bool
    themes: tuple[tuple[str, str], ...] = THEMES


@dataclass(frozen=True)
class PutBack:
    """How a choice of tiles and cards is put back: where to, which items it held, and the page to come back to."""

    at: str
    items: tuple[str, ...]
    next: str


@dataclass(frozen=True)
class Toast:
    """What just happened, in one sentence; `undo` names the decision that can be put back, `put_back` the choice."""

    text: str
    undo: str = ""
    revision: int = 0
    bad: bool = False
    put_back: PutBack | None = None


def shell_for(viewer: Viewer, *, current: str, appearance: Mapping[str, str], sample: bool, counts: Mapping[str, int]) -> Shell:
    """The frame of one viewer."""
    return Shell(
        name=viewer.name or viewer.email,
        email=viewer.email,
        role=ROLE_NAMES[viewer.role],
        initials=figures.initials(viewer.name or viewer.email),
        groups=menu_for(viewer.role, counts),
        tabs=tabs_for(viewer.role),
        current=current,
        theme=appearance.get("theme", ""),
        keys_off=appearance.get("keys") == "off",
        sample=sample,
        finds_partners=viewer.role in TEAM,
        may_import=viewer.role in MAY_IMPORT,
    )


def show(
    request: HttpRequest, template: str, context: Mapping[str, object], *, shell: Shell, status: int = 200
) -> HttpResponse:
    """Render a page; where htmx asks, only the part inside the frame. A toast is shown once."""
    part = is_part(request)
    kept = request.session.pop(TOAST, None)
    toast = _toast(kept) if kept else None
    response = render(
        request, template, {**context, "frame": PART if part else WHOLE, "shell": shell, "toast": toast}, status=status
    )
    return for_one_person(response)


def for_one_person(response: _Answer) -> _Answer:
    """Mark an answer, page or file: the same address answers a page or a part, and always for one person only."""
    patch_vary_headers(response, ["HX-Request"])
    patch_cache_control(response, private=True, no_store=True)
    return response


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; going back in history asks for the whole page again."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def say_later(request: HttpRequest, toast: Toast) -> None:
    """Keep a toast for the next page."""
    request.session[TOAST] = asdict(toast)


def _toast(kept: Mapping[str, Any]) -> Toast:
    put_back = PutBack(**kept["put_back"]) if kept.get("put_back") else None
    return Toast(**{**kept, "put_back": put_back})


def say(
    request: HttpRequest, heading: str, sentence: str, *, status: int, back: str = "", back_label: str = "Go to the start"
) -> HttpResponse:
    """A page that says one thing, in the same look, without reading anything: it also works when nothing else does."""
    context = {"heading": heading, "sentence": sentence, "back": back or reverse("home"), "back_label": back_label}
    return render(request, "nextplay/pages/plain_said.html", context, status=status)
