"""What an Activation Scorecard says beside its lines: the four scores, what was decided, and the weeks of the play."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord, StepRecord, StepState, Turn
from nextplay.ledger.steps import PlannedStep
from nextplay.operations.installation import Installation
from nextplay.operations.named_plays import label_of
from nextplay.operations.partners.partner_analysis import LABELS, partner_analysis, whole_score
from nextplay.operations.plays.planned_steps import planned
from nextplay.operations.record.cycles import latest_cycle
from nextplay.program.definition import Program
from nextplay.program.rubric import DIMENSIONS

# The boxes of the card, in order.
VERDICTS = {"invest": "Invest", "change_approach": "Change approach", "stop": "Stop", "wait": "Wait"}
# Steps are counted from some day also where their days are not told.
_ANY_DAY = date(2000, 1, 3)


@dataclass(frozen=True)
class CardScore:
    """One of the 4C, 0 to 100 as people read it; None where it is not known."""

    label: str
    score: int | None


@dataclass(frozen=True)
class CardDecision:
    """The verdict in force and why. `state` is committed, proposed, declined, snoozed, or suggested where nobody decides."""

    verdict: str
    state: str
    because: str
    # What counts as progress, and by when; empty where no play waits for it.
    outcome: str
    by: date | None


@dataclass(frozen=True)
class CardStep:
    """A step of the play; `due` None before anybody committed to it."""

    name: str
    turn: Turn
    state: StepState
    due: date | None


@dataclass(frozen=True)
class CardWeek:
    """What is due in a week of the play, counted from 1."""

    number: int
    steps: tuple[CardStep, ...]


@dataclass(frozen=True)
class CardPlay:
    """A play week by week: the one under way or proposed, else the program's first, to be filled in."""

    label: str
    weeks: tuple[CardWeek, ...]


def card_scores(installation: Installation, partner_id: str) -> tuple[CardScore, ...]:
    """The 4C of the newest reading, all four, also where nothing was read."""
    found = partner_analysis(installation, partner_id)
    line = installation.program.rubric.address_below
    known = {one.dimension: one.score for one in found.dimensions} if found else {}
    held = {name: known.get(name) for name in DIMENSIONS}
    return tuple(CardScore(LABELS[name], None if score is None else whole_score(score, line)) for name, score in held.items())


def blank_scores() -> tuple[CardScore, ...]:
    """The 4C without a value."""
    return tuple(CardScore(LABELS[name], None) for name in DIMENSIONS)


def card_decision(installation: Installation, partner_id: str) -> tuple[CardDecision | None, CardPlay]:
    """What is decided of a partner, else proposed, else the next best action; and the play it is about."""
    program = installation.program
    record = _in_force(partner_id)
    if record is not None:
        verdict = record.chosen or record.verdict
        told = CardDecision(verdict, record.status, record.why, record.outcome_name, record.outcome_by)
        under_way = play_queries.steps(decision_ids=[record.decision_id]) if record.status == "committed" else []
        if under_way:
            return told, CardPlay(label_of(installation, record.play), _weeks(map(_step, under_way)))
        return told, _undated(program, record.play)
    cycle = latest_cycle(installation.home)
    action = cycle.next_actions.of(partner_id) if cycle else None
    if action is None:
        return None, blank_play(program)
    return CardDecision(action.verdict, "suggested", action.why, "", None), _undated(program, action.play)


def blank_play(program: Program) -> CardPlay:
    """The program's first play, without dates."""
    return _undated(program, None)


def _in_force(partner_id: str) -> DecisionRecord | None:
    """The decision under way, the latest first; else the one of the newest month."""
    held = list(reversed(queries.decisions(partner_id=partner_id)))
    running = next((one for one in held if one.status == "committed" and one.result == "open"), None)
    if running is not None:
        return running
    newest = queries.latest_cycle()
    return next((one for one in held if newest is not None and one.cycle == newest.month), None)


def _undated(program: Program, play: str | None) -> CardPlay:
    wanted = next((one for one in program.plays if one.name == play), program.plays[0])
    return CardPlay(wanted.label, _weeks(_open(one) for one in planned(program, wanted.name, _ANY_DAY, _ANY_DAY)))


def _open(one: PlannedStep) -> tuple[int, CardStep]:
    return one.week, CardStep(one.name, one.turn, "open", None)


def _step(one: StepRecord) -> tuple[int, CardStep]:
    return one.week, CardStep(one.name, one.turn, one.state, one.due)


def _weeks(steps: Iterable[tuple[int, CardStep]]) -> tuple[CardWeek, ...]:
    held = sorted(steps, key=lambda pair: pair[0])
    return tuple(CardWeek(number, tuple(step for _, step in own)) for number, own in groupby(held, key=lambda pair: pair[0]))
