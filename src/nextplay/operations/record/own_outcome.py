"""Whether a decision is judged by what its play is for, or by what a person chose to count instead."""

from nextplay.ledger.records import DecisionRecord
from nextplay.program.definition import Program


def judged_by_its_own(record: DecisionRecord, program: Program) -> bool:
    """False where a person let something else count than the play's outcome: it says nothing of how the play does."""
    if record.origin != "person":
        return True
    plays = {play.name: play.outcome.predicate.model_dump(mode="json") for play in program.plays}
    return plays.get(record.play, record.predicate) == record.predicate
