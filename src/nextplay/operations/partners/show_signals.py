"""Every signal of one partner, and the rows behind each; with the drop-off risk and its reason."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from nextplay.decisions.drop_off_reason import drop_off_reason
from nextplay.facts.scope import ScopedFacts
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_traits import plays_missed
from nextplay.operations.record.cycles import latest_cycle
from nextplay.operations.viewer import TEAM, NotForThisViewer, Viewer, reach_of, require
from nextplay.signals.behind import BEHIND, rows_behind
from nextplay.signals.compute import compute
from nextplay.signals.names import GROUPS, Signal, Unit
from nextplay.traits.recognized import Recognized, recognized
from nextplay.values.period import utc_day

# As many as can be read; the count says how many there are.
MOST_ROWS = 500


@dataclass(frozen=True)
class ShownSignal:
    """One signal with its value. `has_rows` is False for the partner's own fields."""

    name: str
    group: str
    value: int | float | str | None
    unit: Unit
    window_days: int | None
    formula: str
    has_rows: bool
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class DropOff:
    """Chance of no selling event in the next 60 days, as the latest cycle saw it on its day; and why, by the facts of today.

    None where there is none.
    """

    risk: float | None
    risk_on: date | None
    reason: str | None


@dataclass(frozen=True)
class PartnerSignals:
    """All signals of a partner on a day, in the order of the catalogue."""

    partner_id: str
    name: str
    as_of: date
    currency: str
    facts_version: str
    drop_off: DropOff
    # Where it looks busy and does not sell.
    recognized_as: Recognized | None
    signals: tuple[ShownSignal, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values: `signals` by name."""
        told = {one.name: {key: value for key, value in asdict(one).items() if key != "name"} for one in self.signals}
        seen = self.drop_off.risk_on
        drop_off = {**asdict(self.drop_off), "risk_on": seen.isoformat() if seen else None}
        return {**asdict(self), "as_of": self.as_of.isoformat(), "drop_off": drop_off, "signals": told}


@dataclass(frozen=True)
class SignalRow:
    """A row of the facts behind a signal; what its table does not have is None. `value` in the reporting currency."""

    source: str
    row_id: str
    at: datetime | None
    what: str | None
    person: str | None
    account: str | None
    value: float | None


@dataclass(frozen=True)
class SignalRows:
    """A signal and its rows, newest first. `counted_again` is its number from these rows; None where a formula makes it."""

    partner: PartnerSignals
    signal: ShownSignal
    rows: tuple[SignalRow, ...]
    total: int
    counted_again: float | None
    made_of: tuple[ShownSignal, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        rows = [{**asdict(row), "at": row.at.isoformat() if row.at else None} for row in self.rows]
        named = {"partner_id": self.partner.partner_id, "as_of": self.partner.as_of.isoformat(), "signal": asdict(self.signal)}
        return {**named, "rows": rows, "total": self.total, "counted_again": self.counted_again}


def show_signals(
    installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime, as_of: date | None = None
) -> PartnerSignals:
    """Signals of a partner on a day (default: the day the facts reach). Raises NotForThisViewer outside the viewer's reach."""
    facts = _facts(installation, viewer, partner_id, now=now, as_of=as_of)
    frame = compute(installation.warehouse, facts, installation.program)
    if frame.is_empty():
        raise NotForThisViewer
    row = frame.with_columns(drop_off_reason()).row(0, named=True)
    return PartnerSignals(
        partner_id=partner_id,
        name=row["name"],
        as_of=facts.scope.as_of,
        currency=facts.reporting.currency,
        facts_version=str(installation.warehouse.version().facts),
        drop_off=DropOff(*_risk(installation, partner_id, facts.scope.as_of), row["drop_off_reason"]),
        recognized_as=recognized(frame, installation.program.stop, plays_missed(partner_id, facts.scope.as_of)),
        signals=tuple(_shown(one, group, row[one.name]) for group, signals in GROUPS for one in signals),
    )


def _shown(signal: Signal, group: str, value: int | float | str | None) -> ShownSignal:
    made_of = BEHIND[signal.name].made_of if signal.name in BEHIND else ()
    return ShownSignal(
        signal.name, group, value, signal.unit, signal.window_days, signal.formula, signal.name in BEHIND, made_of
    )


def show_signal_rows(
    installation: Installation, viewer: Viewer, partner_id: str, signal: str, *, now: datetime, as_of: date | None = None
) -> SignalRows:
    """The rows one signal rests on. Raises NotForThisViewer outside the viewer's reach, and for a signal without rows."""
    partner = show_signals(installation, viewer, partner_id, now=now, as_of=as_of)
    if signal not in BEHIND:
        raise NotForThisViewer
    facts = _facts(installation, viewer, partner_id, now=now, as_of=as_of)
    expression = rows_behind(facts, signal, partner_id)
    found = installation.warehouse.read(expression) if expression is not None else pl.DataFrame()
    by_name = {one.name: one for one in partner.signals}
    count = BEHIND[signal].count
    plain = found.with_columns(pl.col("value").cast(pl.Float64)).head(MOST_ROWS)
    return SignalRows(
        partner=partner,
        signal=by_name[signal],
        rows=tuple(SignalRow(**row) for row in plain.iter_rows(named=True)),
        total=found.height,
        counted_again=count(found) if count else None,
        made_of=tuple(by_name[name] for name in BEHIND[signal].made_of),
    )


def _facts(installation: Installation, viewer: Viewer, partner_id: str, *, now: datetime, as_of: date | None) -> ScopedFacts:
    require(viewer, *TEAM)
    reach = replace(reach_of(viewer, installation.program), partner_id=partner_id)
    return installation.facts(as_of or installation.reference_day(utc_day(now)), reach)


def _risk(installation: Installation, partner_id: str, as_of: date) -> tuple[float | None, date | None]:
    """As the latest cycle saw it, and on which day: it rests on the whole program's pace. None for a day before that."""
    cycle = latest_cycle(installation.home)
    action = cycle.next_actions.of(partner_id) if cycle and cycle.as_of <= as_of else None
    return (action.drop_off_risk, cycle.as_of) if cycle and action else (None, None)
