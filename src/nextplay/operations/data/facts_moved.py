"""What follows from facts that moved and stand: what people entered is among them again, and outcomes are judged anew."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from nextplay.operations.data.record_activity import merge_recorded
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import OutcomesReport, close_outcomes

_log = logging.getLogger(__name__)


def follow_facts(
    installation: Installation, *, now: datetime, first: Callable[[Installation], object] | None = None
) -> dict[str, Any]:
    """What outcomes came to, as plain values. The facts stand whatever happens here: a failure is logged, and `later` says
    that the clock has it still to do. `first`: what comes before outcomes are judged.
    """
    try:
        if first is not None:
            first(installation)
        # A replaced table may have left out what people entered here.
        merge_recorded(installation, now=now, everything=True)
        return close_outcomes(installation, now=now).as_json()
    except Exception:
        _log.exception("what follows from the facts could not be done; it is tried again")
        return OutcomesReport().as_json() | {"later": True}
