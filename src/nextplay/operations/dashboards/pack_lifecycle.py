"""The Partner Lifecycle as parts of a board pack, in the order of the page."""

from nextplay.intelligence import said
from nextplay.intelligence.lifecycle_tiles import CoverageTile, DemandGaps, LifecycleDashboard, Passage, PassageStep
from nextplay.operations.dashboards.chart_svg import DrawnBar, bars_svg
from nextplay.operations.dashboards.pack_parts import PackCard, PackColumn, PackTable, PackTile
from nextplay.values import figures

# The name under which all cards of the view are hidden together.
STAGES = "stages"


def lifecycle_cards(found: LifecycleDashboard) -> tuple[PackCard, ...]:
    """Partners in each stage, and of how many."""
    return tuple(
        PackCard(
            card.label, figures.count(card.count), f"{figures.share(card.share)} of {figures.count(found.profiles)} profiles"
        )
        for card in found.cards
    )


def lifecycle_tiles(found: LifecycleDashboard) -> tuple[PackTile, ...]:
    """Every tile."""
    return (_passage(found.passage), *(_covered(tile) for tile in found.coverage), _gaps(found.gaps, found.currency))


def _passage(passage: Passage) -> PackTile:
    heads = ("Half within", "Waiting now", "Longer than usual", "Longest wait")
    columns = (
        PackColumn("Step", number=False, width=1.8),
        PackColumn("Took it so far", number=False, width=1.5),
        *(PackColumn(head) for head in heads),
    )
    unknown = [
        f"{step.label}: {said.STEP_NOT_KNOWN[:1].lower()}{said.STEP_NOT_KNOWN[1:]}"
        for step in passage.steps
        if not step.reached
    ]
    notes = (said.WAITING_COUNTS, *unknown, *said.left_out_of_passage(passage))
    table = PackTable(columns, tuple(_step(step) for step in passage.steps))
    return PackTile("passage", "passage", "From stage to stage", passage.finding, tables=(table,), notes=notes)


def _step(step: PassageStep) -> tuple[str, ...]:
    if not step.reached:
        return (step.label, "not known", *[figures.NOTHING] * 4)
    rate, counts = said.step_rate(step)
    half = "not reached" if step.median_days is None else figures.written(step.median_days, "days", "")
    longest = figures.NOTHING if step.longest_wait is None else figures.written(step.longest_wait, "days", "")
    took = f"{rate}, {counts}" if rate else counts
    return (step.label, took, half, figures.count(step.waiting), figures.count(step.overdue), longest)


def _covered(whole: CoverageTile) -> PackTile:
    tile = whole.folded()
    rows = []
    for row in tile.rows:
        figure = f"{figures.count(row.count)}, {figures.count(row.value)} active" + (f", {row.gap}" if row.gap else "")
        rows.append(DrawnBar(row.label, float(row.count), figure, row.value, row.previous))
    mark = "; mark: active partners your ICP needs" if any(row.mark is not None for row in rows) else ""
    notes = (f"Dark: active, light: all partners{mark}.", said.coverage(whole)) if rows else (". ".join(said.NO_COVERAGE),)
    return PackTile(tile.name, tile.name, tile.title, tile.finding, bars_svg(tile.title, rows) if rows else "", notes=notes)


def _gaps(gaps: DemandGaps, currency: str) -> PackTile:
    heads = ("Share of demand", "Of active coverage", "Open pipeline", "Partners", "Active")
    columns = (PackColumn("Gap", number=False, width=2.4), *(PackColumn(head) for head in heads))
    lines = tuple(
        (
            f"{row.label}, {row.covered}",
            figures.share(row.demand),
            figures.share(row.supply),
            figures.money_short(row.pipeline, currency),
            figures.count(row.partners),
            figures.count(row.active),
        )
        for row in gaps.rows
    )
    notes = (*(() if lines else (". ".join(said.NO_GAP),)), said.DEMAND_IS, *said.left_out_of_demand(gaps))
    tables = (PackTable(columns, lines),) if lines else ()
    return PackTile("gaps", "gaps", "Gaps worth closing", gaps.finding, tables=tables, notes=notes)
