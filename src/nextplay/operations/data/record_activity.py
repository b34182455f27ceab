"""Facts that people enter here: kept in the ledger at once, merged into the facts by a job, as an import would."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nextplay.facts.touched import move_facts
from nextplay.facts.undo import carry_on
from nextplay.ledger import play_queries, recorded_facts
from nextplay.ledger.recorded_facts import ToRecord
from nextplay.ledger.records import FactRecord
from nextplay.operations.installation import Installation
from nextplay.values.period import utc_day


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
    # Looked for before every decision, and seldom there: checking rows loads as much as an import.
    from nextplay.operations.dashboards.roll_up import roll_up
    from nextplay.operations.data.recorded_rows import merge_rows, take_out

    merged: list[str] = []
    refused: dict[str, str] = {}
    with installation.warehouse.transaction() as transaction:
        moved = take_out(transaction, leaving)
        if wanted:
            merged, refused, changed = merge_rows(installation, transaction, wanted, now)
            moved = moved or changed
        if moved:
            move_facts(transaction, entered=True)
            carry_on(transaction)
            roll_up(transaction, installation.program, today=utc_day(now))
    # After a crash right here the next merge finds the rows in the facts, changes nothing, and says so.
    entered_at = {one.activity_id: one.recorded_at for one in wanted}
    recorded_facts.mark_merged({one: entered_at[one] for one in merged}, refused, leaving, now=now)
    return MergeReport(len(merged), len(leaving), refused)
