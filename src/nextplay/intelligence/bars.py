"""Bars from groups that the engine summed: what has no place is counted and named, and shares are of the whole."""

from dataclasses import dataclass, replace

import polars as pl

from nextplay.intelligence.tiles import BarRow, BarTile
from nextplay.values import figures


@dataclass(frozen=True)
class Group:
    """One bar's exact sum, as a number, and the rows behind it."""

    value: float
    count: int


@dataclass(frozen=True)
class Grouped:
    """Groups by key; `None` holds what has no key. `unvalued` are rows without an amount."""

    by_key: dict[str | None, Group]
    unvalued: int

    @property
    def total(self) -> float:
        """Sum over all groups, those without a key too."""
        return round(sum(group.value for group in self.by_key.values()), 2)

    @property
    def count(self) -> int:
        """All rows, those without an amount too."""
        return sum(group.count for group in self.by_key.values()) + self.unvalued


@dataclass(frozen=True)
class Naming:
    """How a tile speaks: its name and title, and what its rows and its missing keys are called."""

    name: str
    title: str
    rows: str
    no_key: str
    axis: str
    no_amount: str = "without an amount"


def grouped(frame: pl.DataFrame, key: str) -> Grouped:
    """Sum a frame of `value`, `valued` and `rows` by one of its columns. Decimals stay exact until here."""
    sums = frame.group_by(key).agg(pl.col("value").sum(), pl.col("valued").sum())
    by_key = {name: Group(float(value or 0), int(valued)) for name, value, valued in sums.iter_rows() if valued}
    return Grouped(by_key, int(frame["rows"].sum()) - int(frame["valued"].sum()))


def tile_of(
    naming: Naming,
    now: Grouped,
    before: Grouped | None,
    *,
    labels: dict[str, str],
    currency: str,
    details: dict[str, str] | None = None,
) -> BarTile:
    """A tile: in the order of `labels` where keys have an order of their own, else longest first."""
    keys = {key for key in now.by_key if key is not None}
    if labels:
        keys |= {key for key in (before.by_key if before else {}) if key is not None}
        ordered = [key for key in labels if key in keys] + sorted(keys - set(labels))
    else:
        ordered = sorted(keys, key=lambda key: (-now.by_key[key].value, key))
    rows = [_row(key, now, before, labels, details or {}) for key in ordered]
    return BarTile(
        name=naming.name,
        title=naming.title,
        finding="",
        unit="money",
        rows=tuple(rows),
        total=now.total,
        count=now.count,
        axis=naming.axis,
        left_out=_left_out(naming, now, currency),
    )


def _row(key: str, now: Grouped, before: Grouped | None, labels: dict[str, str], details: dict[str, str]) -> BarRow:
    group = now.by_key.get(key, Group(0.0, 0))
    earlier = before.by_key.get(key, Group(0.0, 0)).value if before else None
    label = labels.get(key, key)
    return BarRow(key, label, group.value, group.count, _share(group.value, now.total), earlier, details.get(key, ""))


def comparable(one: BarTile, other: BarTile, details: dict[str, str]) -> tuple[BarTile, BarTile]:
    """Both tiles with the same bars in the same order, largest share in either first; a bar that one lacks is nothing there."""
    values: dict[str, float] = {}
    for row in (*one.rows, *other.rows):
        values[row.key] = max(values.get(row.key, 0.0), row.share or 0.0)
    keys = sorted(values, key=lambda key: (-values[key], key))
    return _ordered(one, keys, details), _ordered(other, keys, details)


def _ordered(tile: BarTile, keys: list[str], details: dict[str, str]) -> BarTile:
    marked = any(row.previous is not None for row in tile.rows)
    own = {row.key: row for row in tile.rows}
    share = 0.0 if tile.total > 0 else None
    rows = [own.get(key) or BarRow(key, key, 0.0, 0, share, 0.0 if marked else None) for key in keys]
    return replace(tile, rows=tuple(replace(row, detail=details.get(row.key, row.detail)) for row in rows) if own else ())


def _left_out(naming: Naming, now: Grouped, currency: str) -> tuple[tuple[str, int], ...]:
    parts = []
    if now.unvalued:
        parts.append((f"{naming.rows} {naming.no_amount}", now.unvalued))
    keyless = now.by_key.get(None)
    if keyless:
        parts.append((f"{naming.rows} {naming.no_key} ({figures.money_short(keyless.value, currency)})", keyless.count))
    return tuple(parts)


def _share(value: float, total: float) -> float | None:
    return value / total if total > 0 else None
