"""The steps of a play as days and turns, worked out when it is committed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from nextplay.ledger.records import DecisionRecord, StepOutcomeRecord
from nextplay.ledger.steps import PlannedStep
from nextplay.operations.installation import Installation
from nextplay.operations.program_day import program_day
from nextplay.program.definition import Program
from nextplay.program.plays import Step, StepOutcome
from nextplay.values.period import working_day


def steps_planned(
    installation: Installation, record: DecisionRecord, *, due: date | None = None, now: datetime
) -> tuple[PlannedStep, ...]:
    """The steps of a decision's play under the program in force, counted from the day it rests on.

    Where it is committed so late that its first step is past by then, they count from the day of commitment: nobody starts
    with a step that is overdue. `due`: the day the first step is put on.
    """
    return planned(installation.program, record.play, record.as_of, program_day(installation, now), record.step, due)


def planned(
    program: Program, play: str, as_of: date, today: date, otherwise: str = "", due: date | None = None
) -> tuple[PlannedStep, ...]:
    """The steps of a play; of one that the program no longer has, the one step that was decided on.

    `due`: the day the first step was put on, which the others follow.
    """
    held = [one for one in program.plays if one.name == play]
    steps: Sequence[Step] = held[0].steps if held else (Step(name=otherwise or play, day=7, turn="us"),)
    first = timedelta(days=steps[0].day)
    start = as_of if working_day(as_of + first) >= today else today
    if due is not None:
        start = due - first
    # Weeks in which something is due, counted from 1: a play whose first step takes a week has no empty one before it.
    weeks = {week: number for number, week in enumerate(sorted({step.week for step in steps}), start=1)}
    return tuple(_planned(number, step, start, weeks[step.week]) for number, step in enumerate(steps, start=1))


def _planned(number: int, step: Step, start: date, week: int) -> PlannedStep:
    due = working_day(start + timedelta(days=step.day))
    outcomes = tuple(_outcome(one) for one in step.ends)
    return PlannedStep(number, step.name, step.turn, step.form, week, due, outcomes)


def _outcome(one: StepOutcome) -> StepOutcomeRecord:
    return StepOutcomeRecord(one.name, one.label, one.state, one.facts, one.then)
