"""Facts that people enter here: kept in the ledger at once, merged into the facts by a job, as an import would."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from nextplay.facts.contract import ACTIVITIES
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.check import REASON, SOURCE_LINE, Checker
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.known import known_for, stored_partners
from nextplay.facts.intake.sheet import FAULT, LINE
from nextplay.facts.merge import TableMerge
from nextplay.facts.touched import move_facts, touch
from nextplay.ledger import play_queries, recorded_facts
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import FactRecord
from nextplay.operations.installation import Installation
from nextplay.operations.roll_up import roll_up
from nextplay.values.period import naive_utc, utc_day

_COLUMNS = ("activity_id", "partner_id", "kind", "occurred_at", "account", "play", "details", "observed_at")


@dataclass(frozen=True)
class MergeReport:
    """What became of recorded facts. `refused`: why the facts did not take one, by activity id."""

    merged: int = 0
    taken_out: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {"merged": self.merged, "taken_out": self.taken_out, "refused": self.refused}


def record_activity(facts: Sequence[ToRecord], *, actor: str, now: datetime) -> list[FactRecord]:
    """Keep activities that a person entered; the same entry sent twice is kept once.

    Call it inside the transaction of what caused them: they hold together or not at all. The job that merges them is handed
    in with them. Pages read them from `ledger.play_queries.facts_entered` at once.
    """
    return recorded_facts.record_facts(facts, actor=actor, now=now)


def merge_recorded(installation: Installation, *, now: datetime, everything: bool = False) -> MergeReport:
    """Bring recorded facts into the facts, in one transaction, by the same checks as an import; safe to repeat.

    `everything`: those too that are in the facts already, as after an import that replaced a table.
    """
    wanted, leaving = play_queries.facts_to_merge(everything=everything), play_queries.facts_to_take_out()
    if not wanted and not leaving:
        return MergeReport()
    merged: list[str] = []
    refused: dict[str, str] = {}
    with installation.warehouse.transaction() as transaction:
        moved = _taken_out(transaction, leaving)
        if wanted:
            merged, refused, changed = _merged(installation, transaction, wanted, now)
            moved = moved or changed
        if moved:
            move_facts(transaction)
            roll_up(transaction, installation.program, today=utc_day(now))
    # After a crash right here the next merge finds the rows in the facts, changes nothing, and says so.
    recorded_facts.mark_merged(merged, refused, leaving, now=now)
    return MergeReport(len(merged), len(leaving), refused)


def _merged(
    installation: Installation, transaction: Transaction, wanted: Sequence[FactRecord], now: datetime
) -> tuple[list[str], dict[str, str], bool]:
    """Ids that stand in the facts now, those refused with the reason, and whether any row changed."""
    known = known_for(ACTIVITIES, installation.program, stored_partners(transaction), None, naive_utc(now))
    mapping = ColumnMapping(ACTIVITIES.name, {name: name for name in _COLUMNS})
    checked = Checker(ACTIVITIES, list(_COLUMNS), mapping, known).check(_frame(wanted))
    merge = TableMerge(transaction, ACTIVITIES, naive_utc(now))
    merge.begin([name for name in checked.good.columns if name != SOURCE_LINE])
    merge.add(checked.good)
    counts = merge.finish()
    refused = dict(zip(checked.rejected["activity_id"], checked.rejected[REASON], strict=True))
    return checked.good["activity_id"].to_list(), refused, counts.moved


def _frame(wanted: Sequence[FactRecord]) -> pl.DataFrame:
    rows = [
        {
            LINE: line,
            FAULT: None,
            "activity_id": one.activity_id,
            "partner_id": one.partner_id,
            "kind": one.kind,
            "occurred_at": naive_utc(one.occurred_at),
            "account": one.account or None,
            "play": one.play or None,
            "details": json.dumps(one.details, ensure_ascii=False, sort_keys=True) if one.details else None,
            "observed_at": naive_utc(one.recorded_at),
        }
        for line, one in enumerate(wanted, start=1)
    ]
    schema: dict[str, pl.DataType] = {LINE: pl.Int64(), FAULT: pl.String()}
    schema |= {name: pl.Datetime("us") if name in ("occurred_at", "observed_at") else pl.String() for name in _COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def _taken_out(transaction: Transaction, leaving: Sequence[str]) -> bool:
    for activity_id in leaving:
        touch(transaction, "activities", "SELECT partner_id FROM activities WHERE activity_id = ?", (activity_id,))
        transaction.execute("DELETE FROM activities WHERE activity_id = ?", (activity_id,))
    return bool(leaving)
