"""A partner is in one play at a time, and in one decision: what is decided beside the list looks at both."""

from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.installation import Installation
from nextplay.operations.record.cycles import latest_cycle


class PlayUnderWay(RuntimeError):
    """The partner is in a play already, or one waits to be decided on."""


def require_undecided(installation: Installation, record: DecisionRecord) -> None:
    """Raise PlayUnderWay where the partner has another play with open steps, or a proposal that waits."""
    others = [one for one in queries.decisions(partner_id=record.partner_id) if one.decision_id != record.decision_id]
    listed = latest_cycle(installation.home)
    months = {record.cycle, listed.cycle if listed else record.cycle}
    if any(one.status == "proposed" and one.cycle in months for one in others):
        raise PlayUnderWay("A decision about this partner waits in Focus this month. Commit it there, or decline it first.")
    running = [one.decision_id for one in others if one.status == "committed" and one.result == "open"]
    if running and any(step.state == "open" for step in play_queries.steps(decision_ids=running)):
        raise PlayUnderWay("A play is under way with this partner. Log its steps, or decline it with a reason, first.")
