"""One month's proposal from the signals of every partner: the order of the work, a line each."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions import lots
from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.explain import READ, evidence, observed, sentence
from nextplay.decisions.fitting import LEAST_FITTED
from nextplay.decisions.focus import Choice, Known, choose_focus
from nextplay.decisions.gain import freed, freed_as_reached
from nextplay.decisions.history import History
from nextplay.decisions.in_line import next_in_line
from nextplay.decisions.lots import Drawn
from nextplay.decisions.proposal import (
    Alternative,
    Arm,
    Cycle,
    Decision,
    Decisions,
    Lot,
    OutcomePredicate,
    OwnerLoad,
    PlayDoes,
    Stop,
)
from nextplay.decisions.standing import Prices, left_out, standings
from nextplay.decisions.suits import why_less
from nextplay.facts.contract import MOST_UNKNOWN
from nextplay.program.definition import Program
from nextplay.signals.month_counts import MonthCounts
from nextplay.traits.recognized import why_polite
from nextplay.values.figures import many
from nextplay.values.period import working_day

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


# Hours that a stop frees are those given in so many days.
STOP_DAYS = 180


@dataclass(frozen=True)
class Occasion:
    """Which month is decided, on what facts."""

    cycle: str
    as_of: date
    facts_version: str
    currency: str
    # Share of a year's activities whose kinds feed no signal.
    unread: float = 0.0


@dataclass(frozen=True)
class _Hours:
    """Managers in order of their address, the place of each partner's owner among them (-1: nobody), hours in all and left."""

    emails: list[str]
    owners: Whole
    capacity: Floats
    free: Floats


@dataclass(frozen=True)
class _Chosen:
    """Who gets hours: drawn to learn, and the optimum; and the lots of the month."""

    explored: Drawn
    choice: Choice
    lots: tuple[Lot, ...]


def propose(signals: pl.DataFrame, history: History, program: Program, occasion: Occasion, counts: MonthCounts) -> Cycle:
    """The cycle: what is committed stands, then hours go where they add most. `signals` as `signals.compute` gives them.

    `counts` as `signals.months` reads them.
    """
    board = lay_out(signals, counts, history, _heard(program, occasion), occasion.as_of)
    hours = _hours(board, history, program, occasion.as_of)
    chosen = _choose(board, hours, history, program, occasion)
    explored, choice = chosen.explored, chosen.choice
    focus = _in_order([*history.committed], _decisions(board, hours, chosen, history, program, occasion))
    waiting = _waiting(board, hours, choice, explored)
    given = _given(board, hours, choice, explored)
    loads, last = _loads(board, hours, given, focus, waiting)
    prices = _prices(hours, choice, given, last, waiting)
    held = [one.partner_id for one in chosen.lots if one.arm == "held_back"]
    standing = standings(board, focus, held, prices, history, program, occasion.as_of)
    return Cycle(
        cycle=occasion.cycle,
        as_of=occasion.as_of,
        facts_version=occasion.facts_version,
        program_version=program.version,
        seed=program.chance.seed,
        currency=occasion.currency,
        owners=loads,
        focus=focus,
        lots=chosen.lots,
        stop=_stops(board, standing.frame, history, occasion.as_of),
        left_out=left_out(standing),
        next_actions=standing,
        in_line=_in_line(board, hours, chosen, history, program, occasion),
        notes=_notes(board, hours, focus, program, occasion, _lost_places(chosen.lots, focus, history, occasion.cycle)),
        believed=_believed(board),
    )


def _heard(program: Program, occasion: Occasion) -> Program:
    """Where too much is of kinds that nobody reads, what is soft is no evidence: deals and answers alone tell the stages."""
    if occasion.unread <= MOST_UNKNOWN:
        return program
    return program.model_copy(update={"engine": program.engine.model_copy(update={"tempering": 0.0})})


def decision_id(partner_id: str, play: str, program: Program, occasion: Occasion) -> str:
    """The same decision has the same name wherever and whenever it is computed."""
    parts = (occasion.cycle, partner_id, play, program.version, occasion.facts_version, str(program.chance.seed))
    return hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()


def _in_order(*made: Iterable[Decision]) -> Decisions:
    """Most gain first."""
    focus = Decisions.of(chain(*made)).frame
    return Decisions(focus.sort("expected_gain", "partner_id", descending=[True, False], maintain_order=True))


def _hours(board: Board, history: History, program: Program, as_of: date) -> _Hours:
    named = [manager.email.lower() for manager in program.capacity.managers]
    workable = board.frame.filter(pl.col("workable") == 1)["owner"].drop_nulls().unique().to_list()
    busy = busy_hours(history, program, as_of)
    emails = sorted({*named, *workable, *busy})
    place = {email: index for index, email in enumerate(emails)}
    owners = board.frame["owner"].replace_strict(place, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
    capacity = np.array([program.capacity.hours_of(email) for email in emails])
    free = np.maximum(capacity - np.array([busy.get(email, 0.0) for email in emails]), 0)
    return _Hours(emails, owners, capacity, free)


def busy_hours(history: History, program: Program, as_of: date) -> dict[str, float]:
    """Hours already given: to what this cycle has committed, and to plays of earlier ones whose steps are not over."""
    running = history.steps_ahead(as_of, program.step_days)
    busy = dict(running.group_by("owner").agg(pl.col("hours").sum()).sort("owner").iter_rows())
    for decision in history.committed:
        busy[decision.owner] = busy.get(decision.owner, 0.0) + decision.hours
    return {email.lower(): hours for email, hours in busy.items()}


def _choose(board: Board, hours: _Hours, history: History, program: Program, occasion: Occasion) -> _Chosen:
    """Explorers first, then the optimum of what is left; what the lot holds back makes room for the next in line.

    A lot that was drawn this month stands: who was held back is out already (`board.open`), who was explored stays so.
    """
    chance, cycle, gain = program.chance, occasion.cycle, board.usable.copy()
    if history.lots is None:
        explored = lots.explore(board, hours.owners, lots.Budget(hours.capacity, hours.free), program, cycle)
    else:
        explored = lots.explored_again(board, hours.owners, hours.free, history.lots)
    free = hours.free - np.bincount(hours.owners[explored.rows], board.hours[explored.plays], len(hours.emails))
    gain[explored.rows] = 0
    known: Known = {}
    choice = choose_focus(gain, board.hours, hours.owners, free, reassign=program.capacity.reassign, known=known)
    if history.lots is not None:
        return _Chosen(explored, choice, history.lots)
    if board.frame["workable"].sum() < chance.holdout_from_partners:
        return _Chosen(explored, choice, _lots(board, occasion, {"explored": explored}))
    held, spared = lots.hold_back(board, choice, hours.owners, chance, cycle)
    gain[held.rows] = 0
    choice = choose_focus(gain, board.hours, hours.owners, free, reassign=program.capacity.reassign, known=known)
    return _Chosen(explored, choice, _lots(board, occasion, {"explored": explored, "held_back": held, "offered": spared}))


def _lots(board: Board, occasion: Occasion, drawn: Mapping[Arm, Drawn]) -> tuple[Lot, ...]:
    """What was drawn, by arm, with what it will be judged by; in order of partners."""
    made = []
    for arm, fell in drawn.items():
        ids = board.frame["partner_id"].gather(fell.rows).to_list()
        for partner, column, chance in zip(ids, fell.plays.tolist(), fell.propensity.tolist(), strict=True):
            play = board.plays[column]
            predicate = play.outcome.predicate
            until = occasion.as_of + timedelta(days=predicate.window_days)
            made.append(Lot(partner, play.name, arm, chance, occasion.as_of, until, predicate.told))
    return tuple(sorted(made, key=lambda lot: lot.partner_id))


def _decisions(
    board: Board, hours: _Hours, chosen: _Chosen, history: History, program: Program, occasion: Occasion
) -> Iterator[Decision]:
    """Those that get hours, one at a time."""
    offered = {(one.partner_id, one.play): one.propensity for one in chosen.lots if one.arm == "offered"}
    choice, explored = chosen.choice, chosen.explored
    partners = _partners(board, choice.rows, choice.plays, program)
    given = zip(choice.rows.tolist(), choice.plays.tolist(), choice.owners.tolist(), partners, strict=True)
    for row, play, owner, partner in given:
        decision = _decision(board, partner, (row, play), history, program, occasion)
        propensity = offered.get((decision.partner_id, decision.play), 1.0)
        yield replace(decision, owner=hours.emails[owner], propensity=propensity)
    partners = _partners(board, explored.rows, explored.plays, program)
    drawn = zip(explored.rows.tolist(), explored.plays.tolist(), explored.propensity.tolist(), partners, strict=True)
    for row, play, propensity, partner in drawn:
        decision = _decision(board, partner, (row, play), history, program, occasion)
        yield replace(decision, exploration=True, propensity=propensity)


def _in_line(board: Board, hours: _Hours, chosen: _Chosen, history: History, program: Program, occasion: Occasion) -> Decisions:
    """Who gets the hours that come free, manager by manager, best first; nobody that the lot held back."""
    held = {one.partner_id for one in chosen.lots if one.arm == "held_back"}
    spared = np.flatnonzero(board.frame["partner_id"].is_in(sorted(held)).to_numpy())
    taken = np.concatenate([chosen.choice.rows, chosen.explored.rows, spared])
    rows, plays = next_in_line(board, hours.owners, taken)
    at = zip(rows.tolist(), plays.tolist(), strict=True)
    line = zip(at, _partners(board, rows, plays, program), strict=True)
    return Decisions.of(_decision(board, one, place, history, program, occasion) for place, one in line)


def _partners(board: Board, rows: Whole, plays: Whole, program: Program) -> Iterator[dict[str, Any]]:
    """Of the board what is told of partners that get a play each, with what that play does for them."""
    asked = (condition.signal for play in board.plays for one in play.less_for for condition in one.where)
    frame = board.frame.select(sorted({"partner_id", "owner", *READ, *asked}))[rows]
    chances = freed(board.prospects.part(rows), program.growing)[np.arange(len(rows)), plays]
    return frame.with_columns(
        freed_share=pl.Series(chances),
        extra_deals=pl.Series(board.gains.deals[rows, plays]),
        play_suits=pl.Series(board.prospects.suits[rows, plays]),
        play_less=why_less(frame, board.plays, plays),
    ).iter_rows(named=True)


def _decision(
    board: Board, partner: dict[str, Any], at: tuple[int, int], history: History, program: Program, occasion: Occasion
) -> Decision:
    """`partner`: as `_partners` tells it; `at`: its place on the board, and the play's."""
    row, column = at
    play = board.plays[column]
    gains, cases = board.gains, history.record.of(play.name).cases
    chances = float(gains.p_with[row, column]), float(gains.p_without[row, column])
    gain = float(gains.gain[row, column])
    due = working_day(occasion.as_of + timedelta(days=play.steps[0].day))
    seen = observed(partner)
    predicate = play.outcome.predicate
    others = [
        Alternative(other.name, float(gains.gain[row, place]))
        for place, other in enumerate(board.plays)
        if place != column and board.open[row, place]
    ]
    return Decision(
        decision_id=decision_id(partner["partner_id"], play.name, program, occasion),
        partner_id=partner["partner_id"],
        verdict=play.verdict,
        play=play.name,
        step=play.steps[0].name,
        owner=partner["owner"],
        hours=play.hours,
        due=due,
        outcome=OutcomePredicate(
            name=play.outcome.name,
            predicate=predicate.told,
            by=occasion.as_of + timedelta(days=predicate.window_days),
        ),
        probability=chances[0],
        probability_without=chances[1],
        expected_gain=gain,
        why=sentence(partner, seen, play, due, chances, gain, cases, occasion.currency),
        evidence=evidence(partner, seen, cases),
        alternatives=tuple(sorted(others, key=lambda other: (-other.expected_gain, other.play))),
    )


def _given(board: Board, hours: _Hours, choice: Choice, explored: Drawn) -> Floats:
    doers = np.concatenate([choice.owners, hours.owners[explored.rows]])
    spent = board.hours[np.concatenate([choice.plays, explored.plays])]
    return np.bincount(doers, spent, len(hours.emails)).astype(np.float64)


def _waiting(board: Board, hours: _Hours, choice: Choice, explored: Drawn) -> Floats:
    """What an hour on the next in line earns, by owner; the last place stands for partners nobody owns."""
    hourly = (board.usable / board.hours).max(axis=1, initial=0)
    hourly[choice.rows] = 0
    hourly[explored.rows] = 0
    waiting = np.zeros(len(hours.emails) + 1)
    np.maximum.at(waiting, hours.owners, hourly)
    waiting[-1] = 0
    return waiting


def _loads(
    board: Board, hours: _Hours, given: Floats, focus: Decisions, waiting: Floats
) -> tuple[tuple[OwnerLoad, ...], Floats]:
    """Each owner's hours, and what the last one earns where all are given (0 elsewhere).

    `given`: hours that this run gave, beside those committed before. What an hour earns does not hang on commitments. Whoever
    has no hour to give is shown what the next in line would earn.
    """
    loads, last = [], np.zeros(len(hours.emails) + 1)
    owned: defaultdict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    for owner, *terms in focus.frame.select("owner", "expected_gain", "hours", "exploration").iter_rows():
        owned[owner.lower()].append((terms[0], terms[1], terms[2]))
    for place, (email, capacity, free) in enumerate(zip(hours.emails, hours.capacity, hours.free, strict=True)):
        mine = owned[email]
        full = free - given[place] < board.hours.min()
        last[place] = round(min((gain / needed for gain, needed, drawn in mine if needed and not drawn), default=0.0), 2) * full
        price = (last[place] or round(float(waiting[place]), 2)) if full else 0.0
        loads.append(OwnerLoad(email, float(capacity), round(sum(needed for _, needed, _ in mine), 2), float(price)))
    return tuple(loads), last


def _prices(hours: _Hours, choice: Choice, given: Floats, last: Floats, waiting: Floats) -> Prices:
    """What the last hour and the next partner in line earn at each partner's owner, and the hours left there."""
    doers = hours.owners.copy()
    doers[choice.rows] = choice.owners
    spare = np.append(hours.free - given, 0.0)
    return Prices(last[doers], np.minimum(waiting, np.where(last > 0, np.inf, 0))[doers], spare[doers])


def _stops(board: Board, standing: pl.DataFrame, history: History, as_of: date) -> tuple[Stop, ...]:
    stopped = board.frame.with_columns(standing["change_our_mind"]).filter(standing["placement"] == "stop")
    spent = history.hours_given(as_of, STOP_DAYS)
    told = stopped.select("partner_id", "change_our_mind", why=why_polite()).iter_rows()
    return tuple(Stop(one, f"{reason} {_freed(spent.get(one, 0.0))}", mind) for one, mind, reason in told)


def _freed(hours: float) -> str:
    """Only hours that plays took are freed by giving no more of them."""
    if not hours:
        return f"No play took hours in {STOP_DAYS} days: stopping frees the time for meetings."
    return f"Plays took {hours:g} hours in {STOP_DAYS} days: stopping frees as many."


def _believed(board: Board) -> tuple[PlayDoes, ...]:
    effects, reach = board.prospects.effects, board.prospects.reach
    parts = effects.moves, effects.adds, freed_as_reached(board.plays, reach)
    moves, adds, frees = (part.round(3).tolist() for part in parts)
    names, runs = [play.name for play in board.plays], reach.runs.tolist()
    each = zip(names, runs, map(tuple, moves), map(tuple, adds), frees, strict=True)
    return tuple(PlayDoes(*one) for one in each)


def _lost_places(drawn: tuple[Lot, ...], focus: Decisions, history: History, cycle: str) -> int:
    """Partners that the lot spared and that lost their place when the hours of those held back went to others.

    Not those about whom somebody decided since: they had their place.
    """
    listed = set(focus.frame.select("partner_id", "play").iter_rows())
    decided = set(history.past.filter(pl.col("cycle") == cycle)["partner_id"])
    spared = {(one.partner_id, one.play) for one in drawn if one.arm == "offered" and one.partner_id not in decided}
    return len(spared - listed)


def _notes(board: Board, hours: _Hours, focus: Decisions, program: Program, occasion: Occasion, lost: int) -> tuple[str, ...]:
    workable, least = int(board.frame["workable"].sum()), program.chance.holdout_from_partners
    notes = []
    if occasion.unread > MOST_UNKNOWN:
        notes.append(
            f"{occasion.unread:.0%} of a year's activities are of kinds that feed no signal, over {MOST_UNKNOWN:.0%}: what "
            "is known of meetings, lists, outreach and referrals tells no stage reliably. So the list falls back to rules: "
            "plays by their conditions, and where partners stand by deals and by answers to steps and promises alone. Map "
            "these kinds to known ones in your export."
        )
    if 0 < board.frame.height < LEAST_FITTED:
        notes.append(
            f"With {many(board.frame.height, 'partner')}, under {LEAST_FITTED}, stages work as the program file assumes: the "
            "list is a consistent playbook, and only what is believed of each partner and of plays that were run moves."
        )
    if workable < least:
        notes.append(
            f"Nobody is held back: with {many(workable, 'partner')} to work with, under {least}, a holdout costs more "
            "than it tells."
        )
    if lost:
        who = "1 partner that the lot spared has" if lost == 1 else f"{lost} partners that the lot spared have"
        notes.append(f"{who} lost a place to others since the draw; counted as offered all the same, so effects look smaller.")
    given = sum(focus.where(pl.col("exploration")).frame["hours"])
    budget = lots.Budget(hours.capacity, hours.free)
    kept = lots.kept_for_them(board, hours.owners, budget, program.chance.exploration_share, given)
    notes += [kept] if kept else []
    if not board.frame["sized_deals"].sum():
        notes.append("No deal has a known amount: expected gain counts deals, not money.")
    return tuple(notes)
