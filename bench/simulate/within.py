"""The informed filter where it keeps to the program: the most that a list can reach under the program's conditions and pauses.

It knows every rate and effect of the world and sees public facts, as the plain one does; the product's own board tells which
plays are open to whom.
"""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from bench.simulate.engine import Engine
from bench.simulate.facts import partner_ids
from bench.simulate.informed import expected
from bench.simulate.policies import View
from bench.simulate.truth import PLAYS, Whole
from nextplay.decisions.board import Board, lay_out
from nextplay.decisions.eligibility import Mask, paused
from nextplay.decisions.focus import choose_focus
from nextplay.decisions.history import History
from nextplay.decisions.proposal import Decision, OutcomePredicate
from nextplay.decisions.propose import busy_hours
from nextplay.program.plays import Play


class WithinProgram(Engine):
    """The product's conditions, pauses, hours and packing, with what the informed filter expects in place of its gains."""

    def choose(self, view: View, at: datetime) -> Whole:
        """Commit the month; the play of each partner."""
        day = at.date()
        known = self._known(day, day - timedelta(days=1))
        board = lay_out(known.signals, known.counts, known.history, self.program, day)
        # Partners are in the same order everywhere, but none is on the board before its profile is.
        rows = np.flatnonzero(pl.Series(partner_ids(len(view.owners))).is_in(board.frame["partner_id"].implode()))
        columns = np.array([PLAYS.index(play.name) for play in board.plays])
        gain = np.where(_open(board, known.history, day), expected(view)[rows][:, columns], 0.0)
        busy = busy_hours(known.history, self.program, day)
        free = np.array([hours - busy.get(email, 0.0) for email, hours in zip(self.managers, view.capacity, strict=True)])
        choice = choose_focus(
            gain, board.hours, view.owners[rows], np.maximum(free, 0), reassign=self.program.capacity.reassign
        )
        partners = board.frame[choice.rows]
        given = zip(partners["partner_id"], partners["owner"], choice.plays.tolist(), strict=True)
        self._commit([_decision(partner, owner, board.plays[column], day) for partner, owner, column in given], day)
        chosen = np.full(len(view.owners), -1)
        chosen[rows[choice.rows]] = columns[choice.plays]
        return chosen


def _open(board: Board, history: History, day: date) -> Mask:
    """Conditions hold, no pause stands against it, and nothing else keeps the partner from hours."""
    closed = ["running", "left_alone", "polite_hope", "badges_only", "standing"]
    free = board.frame.select((pl.col("workable") == 1) & ~pl.any_horizontal(closed)).to_series().to_numpy()
    return np.asarray(board.fits & ~paused(board.frame, board.plays, history, day) & free.reshape(-1, 1))


def _decision(partner: str, owner: str, play: Play, day: date) -> Decision:
    """As the product would have written it down; nothing is claimed of it."""
    predicate = play.outcome.predicate
    by = day + timedelta(days=predicate.window_days)
    return Decision(
        decision_id=f"{day}-{partner}-{play.name}",
        partner_id=partner,
        verdict=play.verdict,
        play=play.name,
        step=play.steps[0].name,
        owner=owner,
        hours=play.hours,
        due=day + timedelta(days=play.steps[0].day),
        outcome=OutcomePredicate(play.outcome.name, predicate.model_dump(mode="json"), by),
        probability=0.5,
        probability_without=0.5,
        expected_gain=0.0,
        why="",
        evidence=(),
        alternatives=(),
    )
