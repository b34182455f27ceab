"""Recorded facts as rows of the facts: checked as an import checks them, and merged in one change."""

import json
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from nextplay.facts.contract import ACTIVITIES
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.check import REASON, SOURCE_LINE, Checker
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.known import known_for, stored_partners
from nextplay.facts.intake.sheet import FAULT, LINE
from nextplay.facts.merge import TableMerge
from nextplay.facts.touched import touch
from nextplay.ledger.records import FactRecord
from nextplay.operations.installation import Installation
from nextplay.values.period import naive_utc

_COLUMNS = ("activity_id", "partner_id", "kind", "occurred_at", "account", "play", "details", "observed_at")


def merge_rows(
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


def take_out(transaction: Transaction, leaving: Sequence[str]) -> bool:
    """Remove activities that no longer hold, by id. Returns whether there were any."""
    for activity_id in leaving:
        touch(transaction, "activities", "SELECT partner_id FROM activities WHERE activity_id = ?", (activity_id,))
        transaction.execute("DELETE FROM activities WHERE activity_id = ?", (activity_id,))
    return bool(leaving)
