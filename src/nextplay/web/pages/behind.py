"""Who stands behind a bar: inside the bar where htmx asks, else as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.intelligence.pipeline import DEAL_STAGE_LABELS
from nextplay.operations.show_behind import BehindBar, show_behind
from nextplay.web import figures
from nextplay.web.asked import view_of
from nextplay.web.frame import is_part, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

# By tile: its title, what its rows are, and the filter of the partner list that names the same partners.
TILES = {
    "pipeline_by_stage": ("Pipeline by stage", "open deal", "stage"),
    "pipeline_by_deal_stage": ("Pipeline by stage", "open deal", "deal_stage"),
    "pipeline_by_industry": ("Pipeline by industry", "open deal", "industry"),
    "revenue_by_industry": ("Revenue by industry", "revenue row", ""),
}
IN_THE_BAR, ON_A_PAGE = 5, 50


@require_safe
def behind(request: HttpRequest, tile: str) -> HttpResponse:
    """Show the largest partners of the bar that the address names."""
    asked, key, part = view_of(request), request.GET.get("key", ""), is_part(request)
    found = show_behind(
        installation(),
        viewer_of(request),
        now=moment(),
        tile=tile,
        key=key,
        segment=asked.segment,
        tier=asked.tier,
        as_of=asked.as_of,
        period_days=asked.period_days,
        most=IN_THE_BAR if part else ON_A_PAGE,
    )
    title, noun, filters_by = TILES[tile]
    # The list knows only today; a partner's stage filters more than those with deals.
    listed = filters_by not in ("", "stage") and asked.as_of is None
    context = {
        "found": found,
        "title": title,
        "label": _label(tile, key),
        "noun": noun,
        "nouns": f"{noun}s",
        "sentence": _sentence(found, noun, len(found.largest)),
        "dashboard_at": asked.address(reverse("dashboard")),
        "partners_at": asked.address(reverse("partners"), sort="open_pipeline", descending="1", **{filters_by: key})
        if listed
        else request.get_full_path()
        if part and found.partners > IN_THE_BAR
        else "",
        "partners_label": f"Open {'this partner' if found.partners == 1 else f'all {figures.count(found.partners)} partners'}",
    }
    if part:
        return render(request, "nextplay/parts/behind.html", context)
    return show(request, "nextplay/pages/behind.html", context, shell=shell_of(request, "dashboard"))


def _label(tile: str, key: str) -> str:
    if tile == "pipeline_by_stage":
        return next((stage.label for stage in installation().program.lifecycle_stages if stage.name == key), key)
    return DEAL_STAGE_LABELS.get(key, key) if tile == "pipeline_by_deal_stage" else key


def _sentence(found: BehindBar, noun: str, shown: int) -> str:
    money = figures.money_short(found.value, found.currency)
    sentence = f"{money} from {figures.many(found.partners, 'partner')}, {figures.many(found.rows, noun)}."
    if found.partners <= shown:
        return sentence
    part = sum(one.value for one in found.largest) / found.value if found.value > 0 else 0.0
    return f"{sentence} The largest {shown} hold {figures.share(part)}."
