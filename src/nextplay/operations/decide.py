"""Decides a month: reads the facts as of a day, and answers the focus list and the next best action for every partner."""

from datetime import date, datetime

from nextplay.decisions.history import History
from nextplay.decisions.proposal import Cycle
from nextplay.decisions.propose import Occasion, propose
from nextplay.facts.scope import Reach
from nextplay.operations.cycle_json import cycle_json
from nextplay.operations.cycles import key_of, load_cycle, store_cycle
from nextplay.operations.installation import Installation
from nextplay.signals.compute import compute
from nextplay.values.period import Month, utc_day
from nextplay.values.progress import Progress, silent

__all__ = ["cycle_json", "decide"]


def decide(
    installation: Installation,
    *,
    now: datetime,
    actor: str,  # noqa: ARG001
    as_of: date | None = None,
    commit: bool = False,  # noqa: ARG001
    progress: Progress = silent,
) -> Cycle:
    """The cycle of the month that holds `as_of` (default: the day the facts reach, see `Installation.reference_day`)."""
    day = as_of or installation.reference_day(utc_day(now))
    history = History()
    version, program = str(installation.warehouse.version().facts), installation.program
    occasion = Occasion(str(Month.of(day)), day, version, installation.reporting.currency)
    key = key_of(version, program.version, day, occasion.currency)
    known = load_cycle(installation.home, day.isoformat(), key)
    if known is not None:
        return known
    progress(0.1, "Reading signals")
    signals = compute(installation.warehouse, installation.facts(day, Reach()), program)
    progress(0.7, "Choosing within hours")
    cycle = propose(signals, history, program, occasion)
    store_cycle(installation.home, cycle, key)
    progress(1.0, "Decided")
    return cycle
