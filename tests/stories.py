"""Rows of facts and frames of signals, each naming only what its test is about."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from nextplay.facts.contract import BY_NAME
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse, move_version
from nextplay.signals.names import FROM_FACTS

ALWAYS = datetime(1970, 1, 1)
TEXTS = {"name", "segment", "tier", "lifecycle_stage", "manager_email", "lead_seller"}
MEASURED = {
    *(signal.name for signal in FROM_FACTS if signal.name.startswith("days_since_")),
    "stalled_share",
    "accepted_share_180",
    "reply_rate_180",
    "commitments_kept_270",
    "employee_count",
    "usual_gap_days",
    "silence",
    "win_rate_365",
    "log_size",
    "response_days",
}


def load(warehouse: Warehouse, table: str, *rows: dict[str, Any]) -> None:
    """Write rows as one import would; columns not named are null. Rows of one key are refused, as they have no order."""
    # What we keep of our own beside the facts has no key of one column.
    keys = Counter(row[BY_NAME[table].key] for row in rows if table in BY_NAME)
    doubled = sorted(key for key, times in keys.items() if times > 1)
    assert not doubled, f"{table} twice: {', '.join(doubled)}"
    schema = warehouse.read(stored(table).limit(0)).schema
    columns = {name: [row.get(name) for row in rows] for name in schema if any(name in row for row in rows)}
    frame = pl.DataFrame(columns, schema_overrides={name: schema[name] for name in columns}, strict=False)
    with warehouse.transaction() as transaction:
        transaction.append(table, frame.to_arrow())
        move_version(transaction, "facts")


def partner(partner_id: str, **more: Any) -> dict[str, Any]:
    """An enabled partner of Ana's."""
    usual = {"name": partner_id.title(), "lifecycle_stage": "enabled", "manager_email": "ana@program.example"}
    return {"partner_id": partner_id, "observed_at": ALWAYS} | usual | more


def activity(partner_id: str, kind: str, at: datetime, **more: Any) -> dict[str, Any]:
    """Something a partner did, observed as it happened; its id tells it from all that differs in anything."""
    own = ":".join((partner_id, kind, at.isoformat(), *(str(more[name]) for name in sorted(more))))
    return {"activity_id": own, "partner_id": partner_id, "kind": kind, "occurred_at": at, "observed_at": at} | more


def deal(deal_id: str, partner_id: str, opened: datetime, **more: Any) -> dict[str, Any]:
    """A deal in proposal, observed as it was opened."""
    return {
        "deal_id": deal_id,
        "partner_id": partner_id,
        "stage": "proposal",
        "opened_at": opened,
        "observed_at": opened,
    } | more


def document(document_id: str, partner_id: str, text: str, **more: Any) -> dict[str, Any]:
    """Something that the partner wrote, of no stated day."""
    usual = {"author": "partner", "kind": "narrative", "observed_at": ALWAYS}
    return {"document_id": document_id, "partner_id": partner_id, "text": text} | usual | more


def signals(*rows: dict[str, Any]) -> pl.DataFrame:
    """A frame as `signals.compute` gives it, of enabled partners of Ana's in whom nothing has been seen."""
    return pl.DataFrame([_row(row) for row in rows], schema=_SCHEMA).sort("partner_id")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    blank: dict[str, Any] = {signal.name: None if signal.name in TEXTS | MEASURED else 0 for signal in FROM_FACTS}
    usual = {"name": row["partner_id"].title(), "lifecycle_stage": "enabled", "workable": 1, "member": 1, "days_in_program": 60}
    return blank | usual | {"manager_email": "ana@program.example", "fresh_or_willing": 1} | row


def _kind(signal_name: str, unit: str) -> pl.DataType:
    if signal_name in TEXTS:
        return pl.String()
    return (
        pl.Float64()
        if unit in ("money", "share", "number") or signal_name in ("usual_gap_days", "response_days")
        else pl.Int64()
    )


_SCHEMA = {"partner_id": pl.String()} | {signal.name: _kind(signal.name, signal.unit) for signal in FROM_FACTS}


def days_before(day: datetime, days: float) -> datetime:
    """That long before."""
    return day - timedelta(days=days)
