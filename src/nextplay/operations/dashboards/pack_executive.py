"""The Executive Dashboard as parts of a board pack, in the order of the page."""

from dataclasses import dataclass

from nextplay.intelligence import said
from nextplay.intelligence.catalogue import FIGURES
from nextplay.intelligence.compared import benchmark_of, direct_of, fall_of
from nextplay.intelligence.tiles import BarTile, CardPart, ExecutiveDashboard, MetricCard
from nextplay.operations.dashboards.chart_svg import DrawnBar, bars_svg, curve_svg, fall_svg, spark_svg
from nextplay.operations.dashboards.pack_parts import PackCard, PackColumn, PackTable, PackTile, beside
from nextplay.values import figures

# Charts that can be had by themselves: the tile that each stands on.
CHARTS = {
    "growth": "growth",
    "pipeline_by_stage": "stage",
    "pipeline_by_deal_stage": "stage",
    "revenue_by_industry": "revenue",
    "pipeline_by_industry": "industry",
    "concentration": "pareto",
}


@dataclass(frozen=True)
class Shown:
    """A dashboard, and the score under which a dimension is an area to address."""

    found: ExecutiveDashboard
    address_below: float


def executive_cards(found: ExecutiveDashboard) -> tuple[tuple[str, PackCard], ...]:
    """Each card under the name that it is hidden by."""
    return tuple((card.metric, _card(card, found.currency)) for card in found.cards)


def executive_tiles(shown: Shown) -> tuple[PackTile, ...]:
    """Every tile that there is something to compare for."""
    found = shown.found
    bars = (
        ("stage", found.pipeline_by_stage),
        ("stage", found.pipeline_by_deal_stage),
        ("revenue", found.revenue_by_industry),
        ("industry", found.pipeline_by_industry),
    )
    thought = (_areas(shown), _strengths(found)) if found.analysis_shown else ()
    return (
        _growth(found),
        *thought,
        *(_bars(item, tile, found) for item, tile in bars),
        *_benchmark(found),
        *_concentration(found),
        *_direct(found),
    )


def _card(card: MetricCard, currency: str) -> PackCard:
    parts = tuple(_part(part, currency) for part in card.parts) if card.value is not None else ()
    left_out = tuple(f"Left out: {figures.count(number)} {what}" for what, number in card.left_out)
    remark = (card.remark,) if card.remark else ()
    return PackCard(
        label=card.label,
        value=said.card_value(card, currency),
        note=card.description,
        tone=card.tone,
        word=said.TONE_WORDS.get(card.tone, ""),
        moved=said.card_moved(card),
        more=(*remark, *parts, *left_out, *((card.why_tone,) if card.why_tone else ())),
        spark=spark_svg(card.trend),
    )


def _part(part: CardPart, currency: str) -> str:
    value = figures.NOTHING if part.value is None else figures.written(part.value, part.unit, currency)
    return f"{part.label} {value}" + (f" of {figures.count(part.denominator)}" if part.denominator else "")


def _growth(found: ExecutiveDashboard) -> PackTile:
    title = "Growth explained"
    if found.growth is None or not found.period_days:
        return PackTile("growth", "growth", title, notes=(". ".join(said.NO_PERIOD_BEFORE),))
    drawn = fall_svg(title, fall_of(found.growth, found.period_days, found.currency))
    notes = (said.GROWTH_PARTS,) if found.growth.drivers else ()
    return PackTile("growth", "growth", title, found.growth.finding, drawn, notes=notes)


def _areas(shown: Shown) -> PackTile:
    found, below, title = shown.found, round(shown.address_below), "Areas to address"
    if not found.areas:
        nothing = f"Nothing to address. No 4C score that is known lies below {below}."
        return PackTile("areas", "areas", title, notes=(nothing if found.analyzed else ". ".join(said.NO_SCORES),))
    heads = (PackColumn("Dimension", number=False, width=1.6), PackColumn("Partners"), PackColumn("Average"))
    lines = tuple((row.label, figures.count(row.partners), _whole(row.average), row.reason) for row in found.areas)
    return PackTile(
        "areas",
        "areas",
        title,
        f"Partners scoring below {below}, by 4C dimension",
        tables=(PackTable((*heads, PackColumn("Most common reason", number=False, width=3.4)), lines),),
        notes=(f"{figures.many(found.analyzed, 'profile')} analyzed. An unknown score counts as no gap.",),
    )


def _strengths(found: ExecutiveDashboard) -> PackTile:
    title = "AI strengths"
    if not found.strengths:
        return PackTile("strengths", "strengths", title, notes=(f"{said.NO_STRENGTHS}.",))
    heads = (PackColumn("Strength", number=False, width=1.6), PackColumn("Partners"), PackColumn("Average"))
    lines = tuple((row.label, figures.count(row.partners), _whole(row.average), row.description) for row in found.strengths)
    profiles = figures.many(found.analyzed, "analyzed profile")
    table = PackTable((*heads, PackColumn("What it is", number=False, width=3.4)), lines)
    return PackTile("strengths", "strengths", title, f"What your partners are good at, from {profiles}", tables=(table,))


def _bars(item: str, tile: BarTile, found: ExecutiveDashboard) -> PackTile:
    title = FIGURES[tile.name].title
    rows = [
        DrawnBar(
            row.label, row.value, f"{_money(row.value, found)}, {figures.share(row.share)}", None, row.previous, row.detail
        )
        for row in tile.folded().rows
    ]
    marked = any(row.mark is not None for row in rows) and found.period_days
    axis = f"{tile.axis}; share" if tile.axis else "Share"
    notes = [f"{axis} of {_money(tile.total, found)}" + (f"; mark: {found.period_days} days ago." if marked else ".")]
    notes += [f"Not in the bars: {figures.count(number)} {what}." for what, number in tile.left_out]
    if not rows:
        notes[0] = "No revenue in this period." if "revenue" in tile.name else "No open deals in this group."
    return PackTile(item, tile.name, title, tile.finding, bars_svg(title, rows) if rows else "", notes=tuple(notes))


def _benchmark(found: ExecutiveDashboard) -> tuple[PackTile, ...]:
    if found.benchmark is None:
        return ()
    table = benchmark_of(found.benchmark, found.currency)
    title = "Tier benchmark" if found.benchmark.groups_are == "tier" else "Segment benchmark"
    tables = beside("Measure", table.heads, table.lines)
    return (PackTile("benchmark", "benchmark", title, said.BENCHMARK, tables=tables),)


def _concentration(found: ExecutiveDashboard) -> tuple[PackTile, ...]:
    shape, title = found.concentration, "Concentration"
    if shape is None:
        return ()
    if not shape.curve:
        return (PackTile("pareto", "concentration", title, notes=("No revenue in this period.",)),)
    lines = tuple((one.name, _money(one.revenue, found), figures.count(one.rows)) for one in shape.top)
    columns = (PackColumn("Largest partners", number=False, width=3), PackColumn("Revenue"), PackColumn("Rows"))
    tables = (PackTable(columns, lines),) if lines else ()
    drawn = curve_svg(title, shape.curve)
    return (PackTile("pareto", "concentration", title, said.concentration(shape), drawn, tables, (said.long_tail(shape),)),)


def _direct(found: ExecutiveDashboard) -> tuple[PackTile, ...]:
    if found.direct is None:
        return ()
    table = direct_of(found.direct, found.currency)
    tables = beside("Closed in the period", table.heads, table.lines)
    title = "With a partner, and direct"
    return (PackTile("direct", "direct", title, found.direct.finding, tables=tables, notes=(said.NOT_AN_EFFECT,)),)


def _money(value: float, found: ExecutiveDashboard) -> str:
    return figures.money_short(value, found.currency)


def _whole(value: float | None) -> str:
    return figures.NOTHING if value is None else str(round(value))
