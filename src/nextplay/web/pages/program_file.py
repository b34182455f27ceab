"""The program file, for admins: change it, see what that would do, put it in force; and files that were in force before."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nextplay.operations.admin.put_program import past_program, past_programs, program_text, put_program, require_usable
from nextplay.operations.background.jobs import job as find_job
from nextplay.operations.background.jobs import submit
from nextplay.operations.viewer import NotForThisViewer, Role, require
from nextplay.program.edit import with_hours
from nextplay.program.load import ProgramError
from nextplay.web import figures
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.jobs_shown import shown_job
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of

MOVES = {"enters": "Comes onto the list", "leaves": "Leaves the list"}
# A program file has at most a million characters, of up to four bytes.
_LARGEST = 4_000_000


@require_http_methods(["GET", "HEAD", "POST"])
def program_file(request: HttpRequest) -> HttpResponse:
    """The file in force to change or replace; a changed one is checked and previewed. Nothing is put in force here."""
    viewer = viewer_of(request)
    require(viewer, Role.ADMIN)
    if request.method == "POST":
        return _check(request, _text_of(request), request.POST.get("based_on", ""), why="")
    job_id = number_in(request.GET.get("job", ""), otherwise=0)
    record = find_job(viewer, job_id) if job_id else None
    if record is None or record.verb != "preview_program":
        return _page(request, {})
    found = shown_job(record)
    told = {"preview": _told(found.result)} if not found.moving and found.result else {}
    asked = record.arguments
    return _page(request, {"job": found, "back": request.get_full_path(), "text": asked["text"], "asked": asked, **told})


@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    """Preview other hours for managers: the file in force with only these changed."""
    require(viewer_of(request), Role.ADMIN)
    sent = request.POST
    rows = zip(sent.getlist("email"), sent.getlist("was"), sent.getlist("hours"), strict=False)
    changed = {email: _hours(email, becomes) for email, was, becomes in rows if was.strip() != becomes.strip()}
    if not changed:
        say_later(request, Toast("No hours were changed."))
        return HttpResponseRedirect(reverse("portfolios"), status=303)
    return _check(request, with_hours(program_text(installation().home), changed), sent.get("based_on", ""), why="hours")


@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put the previewed file in force. Raises ChangedMeanwhile where another came into force since."""
    viewer = viewer_of(request)
    require(viewer, Role.ADMIN)
    record = find_job(viewer, number_in(request.POST.get("job", ""), otherwise=0))
    if record.verb != "preview_program":
        raise NotForThisViewer
    asked = record.arguments
    version = put_program(
        installation().home, viewer, asked["text"], based_on=asked["based_on"], why=asked.get("why", ""), now=moment()
    )
    say_later(request, Toast(f"Version {version} is in force. Propose the month again to decide under it."))
    return HttpResponseRedirect(reverse("program-file"), status=303)


@require_safe
def past(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file that was in force, to be looked at or previewed again."""
    kept = past_program(viewer_of(request), file_id)
    return _page(request, {"text": kept.text, "kept": kept})


def _check(request: HttpRequest, text: str, based_on: str, *, why: str) -> HttpResponse:
    try:
        require_usable(text)
    except ProgramError as error:
        return _page(request, {"problems": str(error).splitlines(), "text": text}, status=422)
    asked = {"text": text, "based_on": based_on or installation().program.version, "why": why}
    job_id = submit("preview_program", asked, actor=viewer_of(request).email, now=moment())
    return HttpResponseRedirect(f"{reverse('program-file')}?job={job_id}", status=303)


def _text_of(request: HttpRequest) -> str:
    """The file that was sent, else the text."""
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("text", "").replace("\r\n", "\n")
    if (sent.size or 0) > _LARGEST:
        raise ProgramError(f"{sent.name} is larger than a program file can be.")
    try:
        return bytes(sent.read()).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ProgramError(f"{sent.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error


def _hours(email: str, written: str) -> float | None:
    """Hours a month, None where the default is to hold. Raises ProgramError."""
    if not written.strip():
        return None
    try:
        given = float(written.replace(",", "."))
    except ValueError:
        given = -1.0
    # More than there are in a month, or not a number at all.
    if not 0 <= given <= 744:
        raise ProgramError(f"{written.strip()!r} is no number of hours for {email}. Write one from 0 to 744.")
    return given


def _page(request: HttpRequest, told: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    viewer, home = viewer_of(request), installation().home
    context = {
        **sections("program-file"),
        "text": program_text(home),
        "version": installation().program.version,
        "program": installation().program.name,
        "past": past_programs(viewer),
        **told,
    }
    return show(request, "nextplay/pages/settings_program.html", context, shell=shell_of(request, "settings"), status=status)


def _told(result: Mapping[str, Any]) -> dict[str, Any]:
    moved = [(one, MOVES[one["move"]], figures.words(one["play"])) for one in result["moved"]]
    return {**result, "moved": moved}
