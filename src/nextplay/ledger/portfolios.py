"""What the ledger keeps of partners that went from one manager to another: the move itself is a fact."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nextplay.ledger import bulk
from nextplay.ledger.journal import write_line
from nextplay.ledger.models import Decision

# So many are named in the line; all of them stand in the facts' changes.
_NAMED = 500


@transaction.atomic
def record_move(manager: str, to: str, partner_ids: Sequence[str], *, actor: str, now: datetime) -> dict[str, int]:
    """Write down that these partners were given to somebody else, who takes over what is open with them.

    Whatever has no outcome yet follows, also what was declined or put off: undo would bring it back. What ended stays with
    whoever ran it. Where the partners go to nobody, no one could take over, and all stays. Returns how many decisions
    followed, by month.
    """
    rows = _open_of(manager, partner_ids) if manager and to else []
    for row in rows:
        row.owner, row.revision = to, row.revision + 1
        if row.before.get("owner", "").lower() == manager.lower():
            row.before = {**row.before, "owner": to}
    Decision.objects.bulk_update(rows, ["owner", "before", "revision"], batch_size=bulk.BATCH)
    details = {"manager": manager, "to": to, "partners": len(partner_ids), "ids": list(partner_ids[:_NAMED])}
    details |= {"decisions": sorted(row.decision_id for row in rows)}
    only = partner_ids[0] if len(partner_ids) == 1 else None
    subject = f"manager {to or 'nobody'}"
    write_line(at=now, actor=actor, verb="move partners", subject=subject, details=details, partner_id=only)
    months = [row.cycle.month for row in rows]
    return {month: months.count(month) for month in sorted(set(months))}


def _open_of(manager: str, partner_ids: Sequence[str]) -> list[Decision]:
    """Decisions without an outcome that the manager owns, of these partners, locked."""
    owned = (
        Decision.objects.select_for_update(of=("self",)).select_related("cycle").filter(owner__iexact=manager, result="open")
    )
    wanted = set(partner_ids)
    return [row for row in owned.order_by("decision_id") if row.partner_id in wanted]
