"""The first-run guide: who you are, what to load, what came in, four answers, the first list, the first commit."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nextplay.operations.admin.first_run import FirstRun, answer, first_run, mark_step, say_name
from nextplay.operations.background.jobs import latest_jobs
from nextplay.operations.viewer import Role, Viewer
from nextplay.program.edit import first_win_days
from nextplay.program.load import ProgramError
from nextplay.web import figures
from nextplay.web.contract import offers
from nextplay.web.frame import show
from nextplay.web.gate import appearance_of, viewer_of
from nextplay.web.here import has_facts, installation, moment
from nextplay.web.jobs_shown import shown_job
from nextplay.web.surround import shell_of

# Of each step: what is to do, and where or how long.
SAID = {
    "named": ("Say who you are", "So that colleagues see a name beside what you decide"),
    "loaded": ("Load the sample program, or your own files", "The sample takes half a minute, and is labelled on every page"),
    "checked": ("Check what came in", "Data page, 2 minutes: what is missing, and what that refuses"),
    "answered": ("Answer four questions", "Below on this page, 1 minute"),
    "decided": ("Have the month proposed", "Focus this month: who gets hours, and why"),
    "committed": ("Commit one decision: owner, deadline, outcome", "Focus this month, 2 minutes"),
}
# Days within which a first deal may count as a first win.
FIRST_WINS = (30, 45, 60, 90)
HOLDOUTS = ((0.1, "Yes, 1 in 10 by lot"), (0.2, "Yes, 1 in 5 by lot"), (0.05, "Yes, 1 in 20 by lot"), (0.0, "No"))


@dataclass(frozen=True)
class ShownStep:
    """A step of the guide, ready to draw."""

    name: str
    number: int
    title: str
    text: str
    done: bool
    current: bool


def guide(request: HttpRequest, viewer: Viewer, found: FirstRun | None, *, error: str = "") -> HttpResponse:
    """The page, with the guide for an admin, and without for everybody else, who waits until something is loaded."""
    program, current = installation().program, found.current if found else ""
    context = {
        "first_name": viewer.name.split(maxsplit=1)[0] if viewer.name.strip() else "",
        "may_load": viewer.role is Role.ADMIN,
        "loaded": has_facts(),
        "contract": offers(),
        "done": found.done if found else 0,
        "steps": [
            ShownStep(name, number, *SAID[name], done=done, current=name == current)
            for number, (name, done) in enumerate(found.steps if found else (), start=1)
        ],
        "program": program,
        "version": program.version,
        "first_win": program.plays[0].outcome.name,
        "wins": _wins(first_win_days(program)),
        "holdouts": _holdouts(program.chance.holdout_share),
        "running": [job for job in map(shown_job, latest_jobs(viewer)) if job.moving] if viewer.role is Role.ADMIN else [],
        "error": error,
        "named": viewer.name,
    }
    status = 422 if error else 200
    return show(request, "nextplay/pages/first_run.html", context, shell=shell_of(request, "home"), status=status)


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Keep what the person is called."""
    say_name(viewer_of(request), request.POST.get("name", ""), now=moment())
    return _back()


@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """Put the answers into the program file."""
    viewer, sent, now = viewer_of(request), request.POST, moment()
    found = first_run(installation(), viewer, appearance_of(request))
    try:
        hours, share = float(sent.get("hours", "").replace(",", ".")), float(sent.get("holdout", ""))
    except ValueError:
        return guide(request, viewer, found, error="Write the hours as a number, such as 24.")
    # What is no number at all stands in no program file.
    if not 0 <= hours <= 744:
        return guide(request, viewer, found, error="Hours a month are a number from 0 to 744.")
    try:
        answer(
            installation(),
            viewer,
            program_name=sent.get("program", ""),
            default_hours=hours,
            holdout_share=share,
            first_win=_win(sent.get("first_win", "")),
            based_on=sent.get("based_on", ""),
            now=now,
        )
    except ProgramError as refused:
        return guide(request, viewer, found, error=str(refused))
    mark_step(viewer, appearance_of(request), "answered", now=now)
    return _back()


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Keep the person's word that a step is done, that they leave the guide, or take it up again."""
    step, undo = request.POST.get("step", ""), request.POST.get("undo") == "yes"
    mark_step(viewer_of(request), appearance_of(request), step, now=moment(), undo=undo)
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("home"), status=303)


def _wins(in_force: int | None) -> list[tuple[int, bool]]:
    """Days to choose from, and which hold now; none where the first play counts something else than a first deal."""
    return [(days, days == in_force) for days in sorted({*FIRST_WINS, in_force})] if in_force is not None else []


def _win(sent: str) -> int | None:
    return next((days for days in FIRST_WINS if str(days) == sent), None)


def _holdouts(in_force: float) -> list[tuple[float, str, bool]]:
    offered = HOLDOUTS if in_force in dict(HOLDOUTS) else ((in_force, f"Yes, {figures.share(in_force)} by lot"), *HOLDOUTS)
    return [(share, label, share == in_force) for share, label in offered]
