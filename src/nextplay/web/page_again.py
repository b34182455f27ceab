"""A page made once and shown again: where nothing that it is made from has changed, neither has the page.

Making a dashboard's page costs several times what everything around it costs, and between two imports it comes out the same.
A page that is shown again names what it is made from, its grounds, and is given nothing else.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from nextplay.operations.remembered import Remembered
from nextplay.web.frame import PART, TOAST, WHOLE, Shell, for_one_person, is_part, show

Held = TypeVar("Held")

# Stands where each request's own token goes; nobody can have put it into a text, for no two processes share it.
_TOKEN = f"token-{secrets.token_hex(16)}"
_PAGES: Remembered[tuple[str, ...]] = Remembered(most=128)


@dataclass(frozen=True, eq=False)
class Same(Generic[Held]):
    """Something large that is the same only where it is the very same object, which is told at once."""

    value: Held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def show_again(
    request: HttpRequest, template: str, grounds: Hashable, context: Callable[[], Mapping[str, object]], *, shell: Shell
) -> HttpResponse:
    """The page, as it was made for the same grounds, frame and address before, else made from `context`.

    `context` may depend on the grounds and the address alone. A toast is for once, so a page that bears one is made anew.
    """
    if TOAST in request.session:
        return show(request, template, context(), shell=shell)
    part = is_part(request)

    def made() -> tuple[str, ...]:
        named = {**context(), "frame": PART if part else WHOLE, "shell": shell, "toast": None, "csrf_token": _TOKEN}
        return tuple(render_to_string(template, named, request).split(_TOKEN))

    pieces = _PAGES.get((template, grounds, shell, part, request.get_full_path()), made)
    # A page without a form needs no token, and asking for one would set a cookie.
    text = get_token(request).join(pieces) if len(pieces) > 1 else pieces[0]
    return for_one_person(HttpResponse(text))
