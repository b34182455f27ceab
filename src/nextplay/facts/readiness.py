"""What the facts can answer and what they cannot: rows, orphans, gaps, and the cheapest mend first."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

import ibis
import polars as pl

from nextplay.facts.contract import ACTIVITY_KINDS, MOST_UNKNOWN, OURS, TABLES, FactTable, Kind
from nextplay.facts.needs import NEEDS, Need
from nextplay.facts.scope import Reporting
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse

# Under half filled, a column speaks for the minority that filled it.
MOSTLY_EMPTY = 0.5
# A table whose newest row is older than this says nothing about now.
STALE_DAYS = 45
_LIVING = ("deals", "revenue", "activities")
_REFERRING = ("contacts", "deals", "revenue", "activities", "documents")

Effect = Literal["refused", "weaker"]


@dataclass(frozen=True)
class TableReadiness:
    """One table: rows, newest event and newest knowledge (naive UTC), rows whose partner does not exist, and filled shares."""

    table: str
    rows: int
    newest_happened: datetime | None
    newest_observed: datetime | None
    orphans: int
    missing: tuple[str, ...]
    mostly_empty: tuple[str, ...]
    stale: bool


@dataclass(frozen=True)
class Finding:
    """Something that is refused or weaker, and what mends it. `effort`: 1 a setting, 2 a column, 3 a file nobody keeps yet."""

    effect: Effect
    what: str
    why: str
    fix: str
    effort: int


@dataclass(frozen=True)
class Readiness:
    """The readiness report; findings come cheapest first, and what is refused before what is weaker."""

    tables: tuple[TableReadiness, ...]
    findings: tuple[Finding, ...]
    unknown_kinds: dict[str, int]
    unknown_kinds_share: float
    currencies_without_rate: tuple[str, ...]
    partners_without_manager: int

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each table."""
        return {table.table: table.rows for table in self.tables}

    @property
    def orphans(self) -> dict[str, int]:
        """Rows that name a partner who does not exist, by table that names partners."""
        return {table.table: table.orphans for table in self.tables if table.table in _REFERRING}

    @property
    def stages_reliable(self) -> bool:
        """Whether enough activities are of a kind that feeds signals."""
        return self.unknown_kinds_share <= MOST_UNKNOWN

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        whole = asdict(self)
        for table in whole["tables"]:
            for name in ("newest_happened", "newest_observed"):
                table[name] = table[name].isoformat() + "Z" if table[name] else None
        return whole | {"rows": self.rows, "orphans": self.orphans, "stages_reliable": self.stages_reliable}


def read_readiness(warehouse: Warehouse, reporting: Reporting, *, as_of: date) -> Readiness:
    """Look at all facts, as of a day that windows end on."""
    filled = {table.name: _filled(warehouse, table) for table in TABLES}
    tables = tuple(_table(warehouse, table, filled[table.name], as_of) for table in TABLES)
    kinds = _kinds(warehouse)
    total = sum(kinds.values())
    unknown = {kind: count for kind, count in kinds.items() if kind not in ACTIVITY_KINDS and not kind.startswith(OURS)}
    partners = filled["partners"]
    findings = [found for need in NEEDS if (found := _lacking(need, filled, kinds))]
    without_rate = _without_rate(warehouse, reporting)
    nobody = partners["rows"] - partners["manager_email"]
    share = sum(unknown.values()) / total if total else 0.0
    findings += _beyond_columns(share, unknown, without_rate, nobody if partners["manager_email"] else 0, tables)
    findings.sort(key=lambda found: (found.effort, found.effect != "refused", found.what))
    return Readiness(tables, tuple(findings), unknown, share, without_rate, nobody)


def _filled(warehouse: Warehouse, table: FactTable) -> dict[str, Any]:
    rows = stored(table.name)
    # A list without values covers nothing, so it counts as empty.
    held = {
        column.name: (rows[column.name].length() > 0).sum().fill_null(0)
        if column.kind is Kind.LIST
        else rows[column.name].count()
        for column in table.columns
    }
    newest = {"newest_observed": rows.observed_at.max()}
    if table.happened:
        newest["newest_happened"] = ibis.coalesce(*(rows[name] for name in table.happened)).max()
    return warehouse.read(rows.aggregate(rows=rows.count(), **held, **newest)).row(0, named=True)


def _table(warehouse: Warehouse, table: FactTable, filled: dict[str, Any], as_of: date) -> TableReadiness:
    optional = [column.name for column in table.columns if not column.required]
    share = {name: filled[name] / filled["rows"] if filled["rows"] else 0.0 for name in optional}
    newest = filled.get("newest_happened")
    return TableReadiness(
        table=table.name,
        rows=filled["rows"],
        newest_happened=newest,
        newest_observed=filled["newest_observed"],
        orphans=_orphans(warehouse, table.name) if table.name in _REFERRING else 0,
        missing=tuple(name for name in optional if share[name] == 0),
        mostly_empty=tuple(name for name in optional if 0 < share[name] < MOSTLY_EMPTY),
        stale=table.name in _LIVING and newest is not None and (as_of - newest.date()).days > STALE_DAYS,
    )


def _orphans(warehouse: Warehouse, name: str) -> int:
    rows = stored(name)
    lost = rows.filter(rows.partner_id.notnull()).anti_join(stored("partners"), "partner_id")
    return int(warehouse.read(lost.aggregate(rows=lost.count())).item())


def _kinds(warehouse: Warehouse) -> dict[str, int]:
    rows = stored("activities")
    counted = warehouse.read(rows.group_by("kind").agg(rows=rows.count())).sort(["rows", "kind"], descending=[True, False])
    return dict(counted.iter_rows())


def _without_rate(warehouse: Warehouse, reporting: Reporting) -> tuple[str, ...]:
    known = {reporting.currency, *reporting.currencies}
    read = [warehouse.read(stored(name).select("currency").distinct()) for name in ("deals", "revenue")]
    return tuple(sorted(set(pl.concat(read)["currency"].drop_nulls()) - known))


def _lacking(need: Need, filled: dict[str, dict[str, Any]], kinds: dict[str, int]) -> Finding | None:
    rows = filled[need.table]["rows"]
    if need.kinds:
        seen = sum(kinds.get(kind, 0) for kind in need.kinds)
        return None if seen else Finding("refused", need.what, f"No activity of kind {' or '.join(need.kinds)}.", need.fix, 3)
    if need.column is None:
        return None if rows else Finding(need.without, need.what, f"The table {need.table} is empty.", need.fix, 3)
    if not rows:
        # Said once, of the table.
        return None
    share = max(filled[table][column] / filled[table]["rows"] if filled[table]["rows"] else 0 for table, column in need.places)
    place = f"{need.table}.{need.column}"
    if share == 0:
        return Finding(need.without, need.what, f"{place} is missing.", need.fix, 2)
    if share < MOSTLY_EMPTY:
        return Finding("weaker", need.what, f"{place} is filled in {share:.0%} of rows.", need.fix, 2)
    return None


def _beyond_columns(
    unknown_share: float,
    unknown: dict[str, int],
    without_rate: tuple[str, ...],
    nobody: int,
    tables: tuple[TableReadiness, ...],
) -> list[Finding]:
    found = []
    if unknown_share > MOST_UNKNOWN:
        most = ", ".join(list(unknown)[:3])
        why = f"{unknown_share:.0%} of activities are of kinds that feed no signal ({most})."
        found.append(Finding("weaker", "Stages and drop-off risk", why, "Map these kinds to known ones in your export.", 1))
    if without_rate:
        why = f"No rate for {', '.join(without_rate)}; these amounts count in no figure."
        found.append(Finding("weaker", "Pipeline and revenue", why, "Name the rates in the program file.", 1))
    if nobody:
        why = f"{nobody} {'partner has' if nobody == 1 else 'partners have'} no manager and get no focus."
        found.append(Finding("weaker", "Focus list", why, "Name a manager, or capacity.unowned_to in the program file.", 1))
    for table in tables:
        if table.stale and table.newest_happened:
            why = f"The newest row of {table.table} is of {table.newest_happened:%d %b %Y}."
            found.append(Finding("weaker", f"Everything from {table.table}", why, f"Import a newer {table.table} file.", 1))
        if table.orphans:
            why = f"{table.orphans} rows of {table.table} name a partner who does not exist."
            found.append(Finding("weaker", f"Everything from {table.table}", why, "Import these partners.", 1))
    return found
