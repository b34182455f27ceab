"""Decides a month: reads the facts as of a day, and answers the focus list and the next best action for every partner.

The cycle is the month that holds the day. What was committed in it stands; a run on the same facts, program and ledger
answers the same bytes and computes nothing again.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from nextplay.decisions.drop_off import AHEAD_DAYS
from nextplay.decisions.history import History
from nextplay.decisions.looked_back import MOST_LOOKED_AT, cases_of
from nextplay.decisions.proposal import Cycle
from nextplay.decisions.propose import Occasion, propose
from nextplay.facts.scope import PARTS, Reach
from nextplay.facts.span import known_too_late
from nextplay.ledger import actions, queries
from nextplay.operations.data.record_activity import merge_recorded
from nextplay.operations.installation import Installation
from nextplay.operations.plays.planned_steps import planned
from nextplay.operations.plays.promises import close_past_due
from nextplay.operations.program_day import program_day
from nextplay.operations.record.close_outcomes import close_outcomes, outcomes_on
from nextplay.operations.record.cycle_json import cycle_json
from nextplay.operations.record.cycles import key_of, load_cycle, point_to, store_cycle
from nextplay.operations.record.deciding import those_that_fit
from nextplay.operations.record.history import past_of
from nextplay.operations.record.own_code import own_code
from nextplay.signals.check import require_readable
from nextplay.signals.compute import compute, compute_selling
from nextplay.signals.expressions import kinds_told, sold_after
from nextplay.signals.months import month_counts
from nextplay.values.figures import many
from nextplay.values.period import Month, utc_day
from nextplay.values.progress import Progress, silent

__all__ = ["cycle_json", "decide"]


def decide(
    installation: Installation,
    *,
    now: datetime,
    actor: str,
    as_of: date | None = None,
    commit: bool = False,
    progress: Progress = silent,
) -> Cycle:
    """The cycle of the month that holds `as_of` (default: the day the facts reach, see `Installation.reference_day`).

    Its proposals are kept in the ledger; `commit` puts the hours into all of them at once, but for those whose hours or partner
    were given to another play meanwhile: `progress` says how many. Raises ProgramError, before anything is written, for a play
    that tests a signal as it cannot be tested.
    """
    require_readable(installation.program, str(installation.home.program_file))
    close_past_due(installation, now=now)
    merge_recorded(installation, now=now)
    close_outcomes(installation, now=now)
    # Where the day has turned already, what was decided on it by hand is of this very month.
    today = max(utc_day(now), program_day(installation, now))
    day, live = (as_of, None) if as_of else (installation.reference_day(today), today)
    outcomes = outcomes_on(installation, day)
    history = past_of(day, outcomes, today=live)
    key = cycle_key(installation, day, history)
    cycle = load_cycle(installation.home, day.isoformat(), key)
    if cycle is None:
        cycle = cycle_on(installation, day, history, progress)
        store_cycle(installation.home, cycle, key)
    else:
        # Whoever kept it may have been cut off before it was the latest.
        point_to(installation.home, cycle, key)
    progress(0.9, "Writing down what is proposed")
    _keep(cycle, actor=actor, now=now)
    told = f"Decided{_not_known_then(installation, day)}"
    if commit:
        committed, skipped = _committed(installation, cycle, actor=actor, now=now)
        if committed and not skipped:
            # The same answer under what the ledger holds now: committed work stands.
            store_cycle(installation.home, cycle, cycle_key(installation, day, past_of(day, outcomes, today=live)))
        told += f"; {skipped} not committed: hours or partner were given to another play meanwhile" if skipped else ""
    progress(1.0, told)
    return cycle


def _not_known_then(installation: Installation, day: date) -> str:
    """What a list of a past day leaves out though it had happened: who brings facts in a day later would not guess it."""
    facts = installation.facts(day, Reach())
    late = installation.warehouse.ask(known_too_late, facts)["rows"].item() if facts.scope.past else 0
    if not late:
        return ""
    rows = many(late, "deal or activity", "deals and activities")
    return f"; {rows} until {day} not counted: observed later (a column observed_at, or import --observed-at, says when)"


def _committed(installation: Installation, cycle: Cycle, *, actor: str, now: datetime) -> tuple[int, int]:
    """Commit what waits and fits, with its steps; nobody else decides on the month meanwhile.

    Returns how many, and how many wait still because they do not fit.
    """
    program, today = installation.program, program_day(installation, now)
    listed = cycle.focus.frame.select("decision_id", "play").iter_rows()
    steps = {decision_id: planned(program, play, cycle.as_of, today) for decision_id, play in listed}
    with actions.held_still(cycle.cycle):
        held = queries.statuses(cycle.cycle)
        waiting = [name for name in steps if held.get(name) == "proposed"]
        fitting = those_that_fit(installation, cycle.cycle, waiting)
        done = actions.commit_cycle(cycle.cycle, fitting, planned=steps, actor=actor, now=now)
    return done, len(waiting) - len(fitting)


def cycle_key(installation: Installation, day: date, history: History) -> str:
    """Digest of everything a cycle hangs on, the code that decides among it: an upgrade may decide otherwise."""
    facts, program = installation.warehouse.version().facts, installation.program
    return key_of(facts, program.version, day, installation.reporting.currency, history.digest, own_code())


def cycle_on(installation: Installation, day: date, history: History, progress: Progress = silent) -> Cycle:
    """The cycle computed anew, with only what was known on the day. Writes nothing."""
    progress(0.1, "Reading signals")
    program, facts = installation.program, installation.facts(day, Reach())
    signals = compute(installation.warehouse, facts, program)
    progress(0.5, "Reading months")
    counts = month_counts(installation.warehouse, facts, signals, program.engine.look_back_months)
    history = _looked_back(installation, day, history, signals.height)
    progress(0.7, "Choosing within hours")
    version = str(installation.warehouse.version().facts)
    occasion = Occasion(str(Month.of(day)), day, version, installation.reporting.currency, _unread(installation, day))
    # All is read: of a million partners the choice needs the gigabytes that reading took.
    installation.warehouse.let_go()
    return propose(signals, history, program, occasion, counts)


def _unread(installation: Installation, day: date) -> float:
    counted, unread = installation.warehouse.ask(kinds_told, installation.facts(day, Reach())).row(0)
    return unread / counted if counted else 0.0


def _looked_back(installation: Installation, day: date, history: History, partners: int) -> History:
    """Who dropped off after an earlier day, with nothing learned after this one; of very many partners, those of a sample."""
    warehouse, then = installation.warehouse, day - timedelta(days=AHEAD_DAYS)
    parts = max(min(PARTS, PARTS * MOST_LOOKED_AT // max(partners, 1)), 1)
    signals = compute_selling(warehouse, installation.facts_looking_back(then, known_by=day, parts=parts))
    sold = warehouse.ask(sold_after, installation.facts(day, Reach()), AHEAD_DAYS, AHEAD_DAYS)["partner_id"]
    return replace(history, drop_offs=cases_of(signals, sold))


def _keep(cycle: Cycle, *, actor: str, now: datetime) -> None:
    """An unchanged proposal is not written again: the journal tells changes."""
    held = queries.statuses(cycle.cycle)
    proposed = cycle.focus.ids
    left_over = {name for name, status in held.items() if status == "proposed"} - proposed
    # Under another nextplay the same decision may say other numbers.
    left_over |= queries.said_otherwise(cycle)
    newest = queries.latest_cycle()
    known = newest is not None and (newest.month, newest.as_of) >= (cycle.cycle, cycle.as_of)
    if proposed - held.keys() or left_over or not known:
        actions.record_cycle(cycle, actor=actor, now=now)
