"""A card that no single sum gives: what it is made of, each part leading to its own rows."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.intelligence.derived import BY_DERIVED
from nextplay.operations.dashboards.decisions_kept import decisions_kept, settled_decisions
from nextplay.operations.dashboards.show_executive import show_executive
from nextplay.operations.viewer import TEAM, NotForThisViewer, require
from nextplay.web.asked import PERIODS, number_in, view_of
from nextplay.web.figure_links import figure_at, left_out_at
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.behind import narrowed_said
from nextplay.web.settled import filter_of, settled
from nextplay.web.surround import shell_of

PAGE_ROWS = 50
# What a part that the card names leaves out is a part of that figure.
LEFT_OUT_OF = {"velocity": "average_deal_size", "pipeline_coverage": "open_pipeline"}


@require_safe
def made_of(request: HttpRequest, metric: str) -> HttpResponse:
    """Show what a card is made of; for decisions kept, the decisions."""
    viewer, now = viewer_of(request), moment()
    require(viewer, *TEAM)
    if metric not in BY_DERIVED:
        raise NotForThisViewer
    asked, notices = settled(view_of(request), installation(), now.date())
    narrowed = filter_of(asked)
    found = show_executive(installation(), viewer, now=now, settled=settled_decisions(), **vars(narrowed))
    card = next(card for card in found.cards if card.metric == metric)
    decisions = decisions_kept(installation(), viewer, narrowed, now=now) if metric == "decisions_kept" else ()
    pages = max(-(-len(decisions) // PAGE_ROWS), 1)
    page = min(number_in(request.GET.get("page", "")), pages)
    context = {
        "card": card,
        "currency": found.currency,
        "view_at": asked.whole_address(reverse("dashboard")),
        "parts": [(part, figure_at(asked, part.figure) if part.figure else "") for part in card.parts],
        "left_out": [(what, number, left_out_at(asked, LEFT_OUT_OF[metric], what)) for what, number in card.left_out],
        "decisions": decisions[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        "page": page,
        "pages": pages,
        "notices": notices,
        "narrowed": narrowed_said(asked),
        "period": dict(PERIODS)[asked.period_days],
        "program_version": installation().program.version,
        "facts_version": found.facts_version,
    }
    return show(request, "nextplay/pages/made_of.html", context, shell=shell_of(request, "dashboard"))
