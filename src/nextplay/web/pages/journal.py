"""The journal: who changed what, when, on what evidence and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from nextplay.operations.admin.show_journal import (
    JournalAsked,
    JournalPage,
    JournalRecord,
    export_journal,
    show_journal,
    show_line,
)
from nextplay.operations.dashboards.export_rows import MEDIA_TYPE, FileKind
from nextplay.operations.messages.password_mail import SIGN_IN_PAGE
from nextplay.operations.viewer import OPERATOR, NotForThisViewer
from nextplay.web import figures
from nextplay.web.asked import day_in, number_in
from nextplay.web.frame import for_one_person, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

KINDS: dict[str, FileKind] = {"csv": "csv", "xlsx": "xlsx"}
FACES = {
    "web": "Web page",
    "link": "Signed link",
    "cli": "Command line",
    "job": "Worker",
    "api": "API",
    "mcp": "MCP",
    "": "Not kept",
}
# Those who write and do not sign in.
NAMES = {OPERATOR.email: OPERATOR.name, "worker": "Worker", "sample": "Sample program", SIGN_IN_PAGE: "Sign-in page"}
# Of the details of a line, so many stand in the list; its own page has them all.
_FIRST = 3
_LONGEST = 90


@dataclass(frozen=True)
class ShownLine:
    """A line of the list, ready to draw. `about` is what it is about where that is no partner."""

    line_id: int
    at: datetime
    who: str
    actor: str
    did: str
    partner_id: str
    partner: str
    about: str
    details: str
    face: str
    address: str
    undone: bool


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the lines that the address asks for."""
    asked = _asked(request)
    page = number_in(request.GET.get("page", ""))
    found = show_journal(installation(), viewer_of(request), asked, page=page, now=moment())
    context = {
        "asked": asked,
        "narrowed": not asked.nothing,
        "lines": [_shown(found, line) for line in found.lines],
        "total": found.total,
        "page": found.page,
        "last": found.pages,
        "people": [(actor, _listed(found.names.get(actor, ""), actor)) for actor in found.actors],
        "faces": [(face, label) for face, label in FACES.items() if face],
        "verbs": [(verb, figures.words(verb)) for verb in found.verbs],
    }
    return show(request, "nextplay/pages/journal.html", context, shell=shell_of(request, "journal"))


@require_safe
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Show one line with everything it rests on."""
    found = show_line(installation(), viewer_of(request), line_id, now=moment())
    context = {
        "found": found,
        "did": figures.words(found.line.verb),
        "face": FACES.get(found.line.origin, found.line.origin),
        "who": NAMES.get(found.name, found.name),
        "details": [(figures.words(name), _plain(value)) for name, value in found.line.details.items()],
    }
    return show(request, "nextplay/pages/journal_line.html", context, shell=shell_of(request, "journal"))


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The lines that fit, as a file."""
    if kind not in KINDS:
        raise NotForThisViewer
    chunks = export_journal(installation(), viewer_of(request), _asked(request), kind=KINDS[kind], now=moment())
    headers = {"Content-Disposition": f'attachment; filename="journal.{kind}"'}
    return for_one_person(StreamingHttpResponse(chunks, content_type=MEDIA_TYPE[KINDS[kind]], headers=headers))


def _asked(request: HttpRequest) -> JournalAsked:
    query = request.GET
    return JournalAsked(
        actor=query.get("actor", ""),
        verb=query.get("verb", ""),
        text=query.get("text", "").strip(),
        since=day_in(query.get("since", "")),
        until=day_in(query.get("until", "")),
        face=query.get("face", ""),
    )


def _shown(found: JournalPage, line: JournalRecord) -> ShownLine:
    partner = line.partner_id or ""
    return ShownLine(
        line_id=line.line_id,
        at=line.at,
        who=found.names.get(line.actor) or NAMES.get(line.actor, line.actor),
        actor=line.actor,
        did=figures.words(line.verb),
        partner_id=partner if partner in found.partners else "",
        partner=found.partners.get(partner, partner),
        about=figures.words(line.subject) if not partner else "",
        details=_summed(line.details),
        face=FACES.get(line.origin, line.origin),
        address=line.address,
        undone=line.line_id in found.undone,
    )


def _listed(name: str, actor: str) -> str:
    """A name is what somebody calls themselves: their address stands beside it."""
    return f"{name}, {actor}" if name else NAMES.get(actor, actor)


def _summed(details: Mapping[str, Any]) -> str:
    said = ", ".join(f"{figures.words(name).lower()}: {_plain(value)}" for name, value in list(details.items())[:_FIRST])
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _plain(value: Any) -> str:
    """A value of a line's details in a few words."""
    if value is None or value == "":
        return figures.NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(one)}" for name, one in value.items()) or "none"
    return str(value)
