"""The one plain sentence under a title, with its numbers; empty where there is nothing to say."""

from nextplay.intelligence.tiles import BarRow, BarTile
from nextplay.values import figures


def of_bars(tile: BarTile, currency: str, verb: str = "holds") -> str:
    """What holds most of it, or that most of it cannot be placed."""
    if tile.total <= 0 or not tile.rows:
        return ""
    total = figures.money_short(tile.total, currency)
    placed = sum(row.value for row in tile.rows)
    if placed < tile.total / 2:
        return f"{figures.share(1 - placed / tile.total)} of {total} cannot be placed: the facts do not say where it belongs."
    named = [row for row in tile.rows if row.key]
    if len(named) < 2:
        return f"All of {total} is in {named[0].label}." if named and placed == tile.total else ""
    top = max(named, key=lambda row: (row.value, row.key))
    return f"{top.label} {verb} {figures.share(top.share)} of {total}{_moved(top, currency)}."


def of_coverage(rows: tuple[BarRow, ...], distinct: int, what: str) -> str:
    """Where the ideal customer profile is short of partners, else where most partners are."""
    short = [row for row in rows if row.gap]
    if short:
        names = _listed([row.label for row in short[:3]])
        more = f" and {len(short) - 3} more" if len(short) > 3 else ""
        return f"Your ideal customers need more active partners in {names}{more}."
    if len(rows) < 2 or not distinct:
        return ""
    return f"{rows[0].label} is covered by {rows[0].count:,} of the {distinct:,} partners that name {what}."


def _moved(row: BarRow, currency: str) -> str:
    # Half again as much, or a third less: smaller shifts of one bar are seen, not said.
    if row.previous is None or row.previous <= 0 or 2 / 3 < row.value / row.previous < 1.5:
        return ""
    return f", {'up' if row.value > row.previous else 'down'} from {figures.money_short(row.previous, currency)}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
