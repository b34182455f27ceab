"""A dashboard as a file for the board pack, and each chart by itself."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nextplay.operations.dashboards.board_pack import PACK_MEDIA_TYPE, PackKind, board_pack, printed
from nextplay.operations.dashboards.pack_parts import Pack
from nextplay.operations.viewer import TEAM, NotForThisViewer, require
from nextplay.web.asked import view_of
from nextplay.web.frame import for_one_person
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settled import filter_of, settled

KINDS: dict[str, PackKind] = {"pdf": "pdf", "png": "png", "svg": "svg"}


@require_safe
def pack(request: HttpRequest, view: str, kind: str) -> HttpResponse:
    """The dashboard that the address asks for, as a file."""
    require(viewer_of(request), *TEAM)
    if kind not in KINDS:
        raise NotForThisViewer
    return _file(printed(_pack(request, view), KINDS[kind]), f"{view}.{kind}", PACK_MEDIA_TYPE[kind])


@require_safe
def chart(request: HttpRequest, view: str, tile: str) -> HttpResponse:
    """One chart of it."""
    require(viewer_of(request), *TEAM)
    found = next((one for one in _pack(request, view).tiles if one.name == tile and one.svg), None)
    if found is None:
        raise NotForThisViewer
    return _file(found.svg.encode(), f"{tile}.svg", PACK_MEDIA_TYPE["svg"])


def _pack(request: HttpRequest, view: str) -> Pack:
    now = moment()
    asked, _ = settled(view_of(request), installation(), now.date())
    return board_pack(installation(), viewer_of(request), view, filter_of(asked), now=now)


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return for_one_person(HttpResponse(content, content_type=media_type, headers=headers))
