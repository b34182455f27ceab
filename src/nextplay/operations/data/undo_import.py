"""Take the last import back: the facts as they stood, what people entered since, and outcomes judged again."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from nextplay.facts.undo import PutBack, put_back, why_not
from nextplay.facts.warehouse import version_of
from nextplay.ledger import jobs as queue
from nextplay.operations.dashboards.roll_up import roll_up
from nextplay.operations.data.facts_moved import follow_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer, require
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress, silent


def undo_import(
    installation: Installation, *, actor: str, now: datetime, brought: int | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Every fact as it was before the last import; outcomes that rested on it open or close anew, and say so.

    What people entered since stays; where their partner goes, it waits in the ledger for the partner to come back.
    `brought`: the version of the facts that the import came to which is meant (`last_brought`). `tables` says what was
    removed and restored. Raises CannotUndo where another import is the last, or something else changed the facts since.
    """
    progress(0.1, "Putting the facts back")
    with installation.warehouse.transaction() as transaction:
        came_to = version_of(transaction).brought
        told = put_back(transaction, brought=brought)
        progress(0.6, "Adding up for the dashboards")
        roll_up(transaction, installation.program, today=utc_day(now))
        # Before the facts are closed: where the line cannot be written, nothing is undone.
        queue.record_undo([_counted(one) for one in told], brought=came_to, actor=actor, now=now)
    # From here on nobody is asked whether to go on: the facts are put back, and what follows from them must be too.
    outcomes = follow_facts(installation, now=now)
    progress(1.0, "Undone")
    return {"tables": [_counted(one) for one in told], "outcomes": outcomes}


def last_brought(installation: Installation) -> int:
    """The version of the facts that the last import came to, which names it: what people entered since leaves it."""
    return installation.warehouse.version().brought


def undo_refused(installation: Installation, viewer: Viewer, *, brought: int | None = None) -> str:
    """Why the last import cannot be undone, in a sentence; empty where it can. Raises NotForThisViewer but for admins.

    `brought`: `last_brought` as it was when somebody said which import they mean.
    """
    require(viewer, Role.ADMIN)
    return why_not(installation.warehouse, brought=brought)


def _counted(one: PutBack) -> dict[str, Any]:
    return asdict(one)
