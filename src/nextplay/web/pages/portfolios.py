"""Portfolios, for admins: who manages which partners, with what hours; and moving partners to somebody else."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.background.jobs import submit
from nextplay.operations.data.portfolios import partners_of, portfolios, require_owner
from nextplay.operations.viewer import Role, require
from nextplay.web.asked import number_in
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Show every portfolio, and the partners of the one that the address names."""
    viewer, query = viewer_of(request), request.GET
    every = portfolios(installation(), viewer)
    open_one = query.get("manager")
    page = number_in(query.get("page", ""))
    own = partners_of(installation(), viewer, open_one, page=page) if open_one is not None else None
    stages = {stage.name: stage.label for stage in installation().program.lifecycle_stages}
    context = {
        **sections("portfolios"),
        "portfolios": every,
        "version": installation().program.version,
        "chosen": next((one for one in every if one.email == (open_one or "")), None) if open_one is not None else None,
        "own": own,
        "rows": [(row, stages.get(row.stage, row.stage)) for row in own.rows] if own else [],
        "page": own.page if own else 1,
        "last": own.pages if own else 1,
        "targets": [one for one in every if one.email and one.email != (open_one or "")],
    }
    return show(request, "nextplay/pages/settings_portfolios.html", context, shell=shell_of(request, "settings"))


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Have partners moved: those ticked, or all of the portfolio."""
    viewer, sent = viewer_of(request), request.POST
    require(viewer, Role.ADMIN)
    to = require_owner(installation(), sent.get("to", ""))
    everyone = sent.get("all") == "yes"
    asked = {"manager": sent.get("manager", ""), "to": to, "partner_ids": None if everyone else sent.getlist("partner")}
    job_id = submit("move_partners", asked, actor=viewer.email, now=moment())
    return HttpResponseRedirect(reverse("job", args=[job_id]), status=303)
