"""Long work: start it, watch it, see what came of it."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.background.jobs import cancel as cancel_job
from nextplay.operations.background.jobs import job as find_job
from nextplay.operations.background.jobs import submit
from nextplay.operations.partners.show_partner import require_partner
from nextplay.operations.viewer import DECIDERS, reach_of, require
from nextplay.web.forecast_shown import shown_forecast
from nextplay.web.frame import is_part, show
from nextplay.web.gate import viewer_of
from nextplay.web.guided import follows_guide
from nextplay.web.here import installation, moment
from nextplay.web.jobs_shown import ShownJob, shown_account, shown_job
from nextplay.web.narrowing_asked import narrowing_of
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of

NUMBERS = (
    ("read", "Read"),
    ("added", "Added"),
    ("updated", "Updated"),
    ("unchanged", "Unchanged"),
    ("removed", "Removed"),
    ("rejected", "Left out"),
)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Have the month proposed."""
    require(viewer_of(request), *DECIDERS)
    return start(request, "decide", {"limit": 0})


@require_POST
def analyze(request: HttpRequest) -> HttpResponse:
    """Score every partner that the viewer may see and the list's filter leaves."""
    viewer = viewer_of(request)
    require(viewer, *DECIDERS)
    named = {name: value for name, value in asdict(narrowing_of(request.GET)).items() if value}
    reach = reach_of(viewer, installation().program)
    return start(request, "analyze", {"narrowing": named, "manager_email": reach.manager_email})


@require_POST
def refresh_scores(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Score one partner; the profile shows how far it is."""
    viewer = viewer_of(request)
    require(viewer, *DECIDERS)
    require_partner(installation(), viewer, partner_id, now=moment())
    job_id = submit("analyze", {"partner_id": partner_id}, actor=viewer.email, now=moment())
    return HttpResponseRedirect(f"{reverse('partner', args=[partner_id])}?job={job_id}", status=303)


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask work to stop, and go back to where it is watched."""
    cancel_job(viewer_of(request), job_id, now=moment())
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if safe else reverse("job", args=[job_id]), status=303)


@require_POST
def sample(request: HttpRequest) -> HttpResponse:
    """Fill an empty installation with the sample program."""
    require(viewer_of(request), *MAY_IMPORT)
    return start(request, "load_sample", {})


@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far it is; the part that htmx asks for every second, or the whole page."""
    shown = shown_job(find_job(viewer_of(request), job_id))
    if is_part(request):
        response = render(request, "nextplay/parts/progress.html", {"job": shown, "back": request.GET.get("back", "")})
        if not shown.moving:
            # Its end is more than a bar: the page that waits for it is loaded again.
            response["HX-Refresh"] = "true"
        return response
    return show(
        request, "nextplay/pages/job.html", {"job": shown, **_came_of_it(request, shown)}, shell=shell_of(request, "data")
    )


def start(request: HttpRequest, verb: str, arguments: dict[str, Any]) -> HttpResponse:
    """Put work into the queue and go where it can be watched."""
    job_id = submit(verb, arguments, actor=viewer_of(request).email, now=moment())
    return HttpResponseRedirect(reverse("job", args=[job_id]), status=303)


def _came_of_it(request: HttpRequest, shown: ShownJob) -> dict[str, object]:
    analyzed = shown.verb == "analyze" and "partners_read" in shown.result
    tables = shown.result.get("tables", []) if shown.verb == "import_facts" else []
    foretold = shown.verb == "forecast_import" and "tables" in shown.result
    return {
        "forecast": shown_forecast(shown.result) if foretold else None,
        "account": shown_account(shown.result) if analyzed else None,
        "number_heads": [label for _, label in NUMBERS],
        "tables": [
            {
                "table": table["table"],
                "file": table["file"],
                "numbers": [(label, table[key]) for key, label in NUMBERS],
                "unknown": ", ".join(table["unknown_columns"]),
            }
            for table in tables
        ],
        "rejected": [str(file).rsplit("/", maxsplit=1)[-1] for file in shown.result.get("rejected_files", [])],
        "onward": _onward(request, shown),
    }


# Where work leads to, by its verb: labels and routes, the likeliest first.
_ONWARD = {
    "decide": (("Open Focus this month", "focus"),),
    "forecast_import": (("Choose other files", "import"),),
    "undo_import": (("Back to the data page", "data"), ("Import files", "import")),
    "import_facts": (("Open the dashboard", "dashboard"), ("Import more", "import"), ("Open Focus this month", "focus")),
    "move_partners": (("Back to portfolios", "portfolios"), ("Open Focus this month", "focus")),
    "remove_sample": (("Go to the start", "home"), ("Import files", "import")),
    "validity": (("Open the report", "validity"),),
}
_ELSEWHERE = (("Open the dashboard", "dashboard"), ("Open Focus this month", "focus"))


def _onward(request: HttpRequest, shown: ShownJob) -> list[tuple[str, str]]:
    if shown.verb == "forecast_import" and shown.result:
        # The forecast itself says where to go.
        return []
    places = _ONWARD.get(shown.verb, _ELSEWHERE)
    if follows_guide(request):
        # The list that was just proposed is the guide's next step itself.
        first = 1 if shown.verb == "decide" else 0
        places = (*places[:first], ("Go on with the guide", "home"), *places[first:])
    return [(label, reverse(route)) for label, route in places]
