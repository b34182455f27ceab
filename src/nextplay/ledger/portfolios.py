"""What the journal keeps of partners that went from one manager to another: the move itself is a fact."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nextplay.ledger.journal import write_line

# So many are named in the line; all of them stand in the facts' changes.
_NAMED = 500


@transaction.atomic
def record_move(manager: str, to: str, partner_ids: Sequence[str], *, actor: str, now: datetime) -> None:
    """Write down that these partners were given to somebody else."""
    details = {"manager": manager, "to": to, "partners": len(partner_ids), "ids": list(partner_ids[:_NAMED])}
    only = partner_ids[0] if len(partner_ids) == 1 else None
    subject = f"manager {to or 'nobody'}"
    write_line(at=now, actor=actor, verb="move partners", subject=subject, details=details, partner_id=only)
