"""Which decisions came to an end, as the ledger has it."""

from datetime import UTC

from nextplay.intelligence.settled import Settled
from nextplay.ledger import queries


def settled_decisions() -> tuple[Settled, ...]:
    """Every committed decision that was met or missed."""
    return tuple(
        Settled(partner_id, at.astimezone(UTC).replace(tzinfo=None), result == "met")
        for partner_id, at, result in queries.settled_decisions()
    )
