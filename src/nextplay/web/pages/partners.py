"""Partners: the list and one profile."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from nextplay.intelligence.pipeline import DEAL_STAGE_LABELS
from nextplay.operations.background.jobs import job as find_job
from nextplay.operations.dashboards.export_rows import MEDIA_TYPE, FileKind, export_rows
from nextplay.operations.messages.channels import mail_settings
from nextplay.operations.narrowing import Narrowing
from nextplay.operations.partners.list_partners import PartnerPage, PartnerRow, list_partners
from nextplay.operations.partners.show_partner import show_partner
from nextplay.operations.people import names_of
from nextplay.operations.plays.show_play import play_of_partner, show_play
from nextplay.operations.portal.partner_links import LinkRecord, list_links
from nextplay.operations.viewer import DECIDERS, TEAM, NotForThisViewer, Viewer, require
from nextplay.web import figures
from nextplay.web.asked import number_in
from nextplay.web.frame import for_one_person, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.jobs_shown import ShownJob, shown_account, shown_job
from nextplay.web.narrowing_asked import narrowing_of
from nextplay.web.profile import STAGE_TONES, ShownProfile, profile_of
from nextplay.web.scores import scores_of
from nextplay.web.surround import shell_of

KINDS: dict[str, FileKind] = {"csv": "csv", "xlsx": "xlsx"}
FILTERS = (("segment", "Segment"), ("tier", "Tier"), ("stage", "Stage"), ("manager", "Manager"))
# Sortable columns: key, label, whether figures stand in it.
HEADS = (
    ("name", "Name", False),
    ("stage", "Stage", False),
    ("segment", "Segment, tier", False),
    ("manager", "Manager", False),
    ("open_pipeline", "Open pipeline", True),
    ("revenue_year", "Revenue, 12 months", True),
    ("score", "4C average", True),
    ("last_activity", "Last activity", False),
    ("", "Next best action", False),
)


# Old ones say little; the newest stand first.
MOST_LINKS = 5
LARGEST_FIRST = ("open_pipeline", "revenue_year", "score", "last_activity")


@dataclass(frozen=True)
class Head:
    """A column's head: `sorted` as assistive technology names it, `next` what a click asks for."""

    key: str
    label: str
    numeric: bool
    sorted: str
    next: str | None


@dataclass(frozen=True)
class Cell:
    """A field of a row; `label` stands before it where rows become cards."""

    text: str
    label: str = ""
    numeric: bool = False
    tone: str = ""
    long: bool = False


@dataclass(frozen=True)
class Row:
    """A partner of the list, ready to draw."""

    partner_id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Select:
    """A filter with its options."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Also:
    """A filter that is not among the selects, as a tag that can be taken away."""

    name: str
    value: str
    text: str


@dataclass(frozen=True)
class ShownLink:
    """A link to the partner's own page, without its secret."""

    handle: str
    sent_to: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    works: bool
    state: str

    @classmethod
    def of(cls, link: LinkRecord, now: datetime) -> "ShownLink":
        """In words."""
        named = {name: getattr(link, name) for name in cls.__dataclass_fields__ if hasattr(link, name) and name != "works"}
        return cls(**named, works=link.works(now), state="Ended by hand" if link.revoked_at else "Expired")


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the page of the list that the address asks for."""
    query, now = request.GET, moment()
    sort, descending = query.get("sort", "name"), query.get("descending") == "1"
    asked = narrowing_of(query)
    found = list_partners(
        installation(),
        viewer_of(request),
        now=now,
        more=asked,
        sort=sort,
        descending=descending,
        page=number_in(query.get("page", "")),
    )
    context = {
        "total": found.total,
        "everyone": found.everyone,
        "narrowed": not asked.nothing,
        "asked": {"search": asked.search, "sort": query.get("sort", ""), "descending": descending},
        "selects": _selects(found, asked),
        "also": _also(asked),
        "may_refresh": viewer_of(request).role in DECIDERS,
        "heads": [_head(key, label, numeric, sort, descending) for key, label, numeric in HEADS],
        "sorted_by": next((label for key, label, _ in HEADS if key == sort), "Name").lower(),
        "rows": [_row(row, found.currency, now.date()) for row in found.rows],
        "page": found.page,
        "last": found.pages,
    }
    return show(request, "nextplay/pages/partners.html", context, shell=shell_of(request, "partners"))


@require_safe
def partner(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Show one partner."""
    viewer, now = viewer_of(request), moment()
    require(viewer, *TEAM)
    shown = profile_of(installation(), show_partner(installation(), viewer, partner_id, now=now), now=now)
    job = _refresh_asked(request, viewer, partner_id)
    came_of_it = job and not job.moving and "partners_read" in job.result
    context = {
        **_common(shown, now.date()),
        **scores_of(installation(), partner_id, now=now),
        "may_refresh": viewer.role in DECIDERS,
        **_links(viewer, partner_id, now),
        "play": show_play(installation(), viewer, running, now=now) if (running := play_of_partner(partner_id)) else None,
        "refreshing": job if job and job.moving else None,
        "refreshed": shown_account(job.result) if job and came_of_it else None,
        "came_to_nothing": job if job and not job.moving and not came_of_it else None,
    }
    return show(request, "nextplay/pages/partner.html", context, shell=shell_of(request, "partners"))


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The partners table of the list as it is filtered, as a file that can be imported again."""
    viewer, now = viewer_of(request), moment()
    require(viewer, *TEAM)
    if kind not in KINDS:
        raise NotForThisViewer
    chunks = export_rows(
        installation(),
        viewer,
        table="partners",
        as_of=installation().reference_day(now.date()),
        kind=KINDS[kind],
        narrowing=narrowing_of(request.GET),
    )
    headers = {"Content-Disposition": f'attachment; filename="partners.{kind}"'}
    return for_one_person(StreamingHttpResponse(chunks, content_type=MEDIA_TYPE[KINDS[kind]], headers=headers))


def _refresh_asked(request: HttpRequest, viewer: Viewer, partner_id: str) -> ShownJob | None:
    """The refresh of this partner that the address names; None for other work, somebody else's, or what is long gone."""
    try:
        found = find_job(viewer, number_in(request.GET.get("job", ""), otherwise=0))
    except NotForThisViewer:
        return None
    return shown_job(found) if found.verb == "analyze" and found.arguments.get("partner_id") == partner_id else None


def _links(viewer: Viewer, partner_id: str, now: datetime) -> dict[str, object]:
    if viewer.role not in DECIDERS:
        return {"may_link": False}
    held = list_links(installation(), viewer, partner_id, now=now)[:MOST_LINKS]
    called = names_of(frozenset(link.made_by for link in held)) if held else {}
    return {
        "may_link": True,
        "links": [ShownLink.of(replace(link, made_by=called.get(link.made_by, link.made_by)), now) for link in held],
        "has_mail": mail_settings(installation().home) is not None,
        "link_days": installation().program.partner_page.link_days,
    }


def _common(shown: ShownProfile, today: date) -> dict[str, object]:
    return {**{name: getattr(shown, name) for name in ShownProfile.__dataclass_fields__}, "today": today}


def _also(asked: Narrowing) -> list[Also]:
    """Filters that other pages lead to, in words."""
    program = installation().program
    strengths = {strength.name: strength.label for strength in program.strengths}
    said = {
        "subtype": f"Subtype {asked.subtype}",
        "region": f"Covers {asked.region}",
        "vertical": f"Covers {asked.vertical}",
        "offering": f"Offers {asked.offering}",
        "industry": f"Open deals in {asked.industry}",
        "deal_stage": f"Open deals in stage {DEAL_STAGE_LABELS.get(asked.deal_stage or '', asked.deal_stage)}",
        "low": f"{figures.words(asked.low or '')} below {program.rubric.address_below:g}",
        "strength": f"Strength: {strengths.get(asked.strength or '', asked.strength)}",
    }
    return [Also(name, getattr(asked, name), text) for name, text in said.items() if getattr(asked, name)]


def _selects(found: PartnerPage, asked: Narrowing) -> list[Select]:
    options = {"segment": found.segments, "tier": found.tiers, "stage": found.stages, "manager": found.managers}
    program = installation().program
    labels = {stage.name: stage.label for stage in program.lifecycle_stages}
    labels |= {email: program.capacity.name_of(email) for email in found.managers}
    return [
        Select(name, label, getattr(asked, name) or "", tuple((value, labels.get(value, value)) for value in options[name]))
        for name, label in FILTERS
        if options[name]
    ]


def _head(key: str, label: str, numeric: bool, sort: str, descending: bool) -> Head:
    here = bool(key) and key == sort
    turned = (here and not descending) or (not here and key in LARGEST_FIRST)
    said = ("descending" if descending else "ascending") if here else ""
    return Head(key, label, numeric, said, "1" if turned else None)


def _row(row: PartnerRow, currency: str, today: date) -> Row:
    program = installation().program
    labels = {stage.name: stage.label for stage in program.lifecycle_stages}
    capacity = program.capacity
    cells = (
        Cell(labels.get(row.stage, row.stage), tone=STAGE_TONES.get(row.stage, "grey")),
        Cell(", ".join(part for part in (row.segment, row.tier) if part) or figures.NOTHING),
        Cell(capacity.name_of(row.manager) if row.manager else "nobody", label="Manager"),
        Cell(figures.money(row.open_pipeline, currency), label="Open pipeline", numeric=True),
        Cell(figures.money(row.revenue_year, currency), label="Revenue, 12 months", numeric=True),
        Cell(figures.NOTHING if row.score is None else f"{row.score:.0f}", label="4C average", numeric=True),
        Cell(figures.ago(row.last_activity, today), label="Last activity"),
        Cell(row.next_action, long=True),
    )
    return Row(row.partner_id, row.name, cells)
