"""Try a changed program on past months: paste it, name the months, and see who would have entered and left the list."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nextplay.operations.background.jobs import job as find_job
from nextplay.operations.background.jobs import submit
from nextplay.operations.deciding.replay import NoSuchMonths, months_of, read_tried, usual_months
from nextplay.operations.viewer import Role, require
from nextplay.program.load import ProgramError, default_text
from nextplay.values.period import Month
from nextplay.web import figures
from nextplay.web.asked import number_in
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.jobs_shown import shown_job
from nextplay.web.surround import shell_of

MOST_MOVED = 60
MOVES = {"enters": "Would enter", "leaves": "Would leave", "changes": "Would get another play"}


@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest) -> HttpResponse:
    """The form, what is under way, or what came of it. For admins: it tells of everybody's partners."""
    viewer = viewer_of(request)
    require(viewer, Role.ADMIN)
    if request.method == "POST":
        return _begin(request)
    job_id = number_in(request.GET.get("job", ""), otherwise=0)
    record = find_job(viewer, job_id) if job_id else None
    if record is None or record.verb != "replay" or "text" not in record.arguments:
        return _page(request, {})
    found = shown_job(record)
    told = _told(found.result) if not found.moving and found.result else {}
    return _page(request, {"job": found, "back": request.get_full_path(), "asked": record.arguments, **told})


def _begin(request: HttpRequest) -> HttpResponse:
    asked = {name: request.POST.get(name, "").strip() for name in ("text", "first", "last")}
    try:
        read_tried(asked["text"])
        months = Month.parse(asked["first"]), Month.parse(asked["last"])
        list(months_of(*months, moment().date()))
    except (ProgramError, NoSuchMonths) as error:
        return _page(request, {"error": str(error), "asked": asked}, status=422)
    except ValueError:
        return _page(request, {"error": "Name both months as 2026-03.", "asked": asked}, status=422)
    job_id = submit("replay", asked, actor=viewer_of(request).email, now=moment())
    return HttpResponseRedirect(f"{reverse('replay')}?job={job_id}", status=303)


def _page(request: HttpRequest, told: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    file, today = installation().home.program_file, moment().date()
    first, last = usual_months(installation().reference_day(today), today)
    usual = {
        "text": file.read_text(encoding="utf-8") if file.exists() else default_text(),
        "first": str(first),
        "last": str(last),
    }
    context = {"asked": usual, **told}
    return show(request, "nextplay/pages/replay.html", context, shell=shell_of(request, "learning"), status=status)


def _told(result: Mapping[str, Any]) -> dict[str, object]:
    months, value = result["months"], result["off_policy"]
    moved = [(month["cycle"], one, MOVES[one["move"]]) for month in months for one in month["moved"]]
    sure = (
        f"From lots that were drawn, {figures.share(value['value'])} of outcomes would be met, "
        f"likely {figures.share(value['low'])} to {figures.share(value['high'])}."
        if value["value"] is not None
        else value["refusal"]
    )
    return {
        "months": months,
        "moved": moved[:MOST_MOVED],
        "more_moved": max(len(moved) - MOST_MOVED, 0),
        "currency": result["currency"],
        "off_policy": sure,
    }
