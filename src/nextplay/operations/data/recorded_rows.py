"""Recorded facts as rows of the facts: checked as an import checks them, and merged in one change."""

import json
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from nextplay.facts.contract import ACTIVITIES, COMMITMENTS, OWN_ACTIVITY
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.check import REASON, SOURCE_LINE, Checker
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.known import known_for, stored_partners
from nextplay.facts.intake.sheet import FAULT, LINE
from nextplay.facts.merge import TableMerge
from nextplay.facts.tables import stored
from nextplay.facts.touched import touch
from nextplay.ledger.records import FactRecord
from nextplay.operations.installation import Installation
from nextplay.values.period import naive_utc

# Why a promise that was kept here is left to the file that tells of it too.
BROUGHT_TOO = "A file brings the same: this partner, this kind, this day."
_COLUMNS = ("activity_id", "partner_id", "kind", "occurred_at", "account", "play", "details", "observed_at")


def merge_rows(
    installation: Installation, transaction: Transaction, wanted: Sequence[FactRecord], now: datetime
) -> tuple[list[str], dict[str, str], bool]:
    """Ids that stand in the facts now, those refused with the reason, and whether any row changed."""
    known = known_for(ACTIVITIES, installation.program, stored_partners(transaction), None, naive_utc(now))
    mapping = ColumnMapping(ACTIVITIES.name, {name: name for name in _COLUMNS})
    checked = Checker(ACTIVITIES, list(_COLUMNS), mapping, known).check(_frame(wanted))
    doubled = _brought_too(transaction, checked.good)
    left = take_out(transaction, doubled)
    good = checked.good.filter(~pl.col("activity_id").is_in(doubled))
    merge = TableMerge(transaction, ACTIVITIES, naive_utc(now))
    merge.begin([name for name in good.columns if name != SOURCE_LINE])
    merge.add(good)
    counts = merge.finish()
    refused = dict(zip(checked.rejected["activity_id"], checked.rejected[REASON], strict=True))
    return good["activity_id"].to_list(), refused | dict.fromkeys(doubled, BROUGHT_TOO), counts.moved or left


def _brought_too(transaction: Transaction, entered: pl.DataFrame) -> list[str]:
    """Ids of promises that a file tells of as well: as many of a partner, kind and day as it brings, earliest first.

    `entered` holds every promise of a partner and kind or none: the ranks are told among all of them.
    """
    same = ["partner_id", "kind", "day"]
    own = entered.filter(pl.col("kind").is_in(COMMITMENTS)).with_columns(day=pl.col("occurred_at").dt.date())
    if own.is_empty():
        return []
    rows = stored(ACTIVITIES.name)
    brought = rows.filter(
        rows.kind.isin(COMMITMENTS)
        & ~rows.activity_id.startswith(OWN_ACTIVITY)
        & rows.partner_id.isin(own["partner_id"].unique().sort().to_list())
    )
    counted = brought.group_by("partner_id", "kind", day=brought.occurred_at.date()).agg(brought=brought.count())
    place = pl.int_range(pl.len()).over(same)
    beside = own.sort("occurred_at", "activity_id").with_columns(place=place).join(transaction.read(counted), on=same)
    return beside.filter(pl.col("place") < pl.col("brought"))["activity_id"].to_list()


def _standing(transaction: Transaction, ids: Sequence[str]) -> list[str]:
    """Those of the ids that are in the facts."""
    ask = "SELECT 1 FROM activities WHERE activity_id = ?"
    return [activity_id for activity_id in ids if transaction.execute(ask, (activity_id,))]


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
    """Remove activities that no longer hold, by id, where they are in the facts. Returns whether any was."""
    standing = _standing(transaction, leaving)
    for activity_id in standing:
        touch(transaction, "activities", "SELECT partner_id FROM activities WHERE activity_id = ?", (activity_id,))
        transaction.execute("DELETE FROM activities WHERE activity_id = ?", (activity_id,))
    return bool(standing)
