"""What each play does to a partner at each stage in this program: what is stated, moved by what followed its runs there.

Two numbers a play and stage: the chance to be selling afterwards, and the deals it brings at once. What is stated for them, at
the size that plays reach here, counts as so many runs of which the partner did its part (Beta and Gamma priors). A part of it
is what plays of the program do at that stage, and this play at others, so that a play can be seen to do something of which its
file says nothing; a floor (`effect_least`) keeps nothing from being nothing for ever. That part is read off what is believed
itself, before any run as after, so a run that says nothing moves nothing. In which stage a partner stood, whether it did its
part and whether a deal came of the play is not in the facts: each run counts for each as likely as it is
(expectation-maximization; Dempster, Laird, Rubin 1977).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nextplay.decisions.reach import Followed, gained
from nextplay.decisions.stages import PlayEffects
from nextplay.program.engine import SELLING, STAGES, Engine

Floats = npt.NDArray[np.float64]

ROUNDS = 12
# Each round at least halves what is left to a belief before runs, so that this many leave nothing of it.
SETTLED = 40
# Of what is believed of a play at a stage before its runs speak, the part that all plays at that stage stand for, and this play
# at all stages.
COMMON, OF_PLAY = 0.25, 0.25
# Nothing is carried over to or from those that are gone, and who sells is nowhere to be moved to.
WITH_US = [place for place, stage in enumerate(STAGES) if stage != "gone"]
MOVABLE = [place for place in WITH_US if place != SELLING]


@dataclass(frozen=True)
class _Counted:
    """Runs by play and stage (P, S): done, moved to selling, and deals that the play added, each as likely as it is."""

    done: Floats
    moved: Floats
    settled: Floats
    added: Floats


def by_stage(runs: Followed, usual: PlayEffects, engine: Engine) -> PlayEffects:
    """Effects of this program after every run; `usual`: as stated, at the size that other plays reach here.

    Each run counts once: `usual` must not rest on the runs of the same play.
    """
    believed, weight = before_runs(usual, engine), engine.effect_runs
    for _ in range(ROUNDS):
        prior, told = _blended(usual, believed, engine.effect_least), _counted(runs, believed)
        moves = (told.moved + weight * prior.moves) / (told.done + weight)
        adds = (told.added + weight * prior.adds) / (told.settled + weight)
        believed = PlayEffects(moves, adds)
    return believed


def before_runs(usual: PlayEffects, engine: Engine) -> PlayEffects:
    """What is believed of plays that never ran: a profile by stage is a guess, so part of it is what is usual."""
    believed = usual
    for _ in range(SETTLED):
        believed = _blended(usual, believed, engine.effect_least)
    return believed


def _blended(own: PlayEffects, believed: PlayEffects, least: float) -> PlayEffects:
    return PlayEffects(_among(own.moves, believed.moves, MOVABLE, least), _among(own.adds, believed.adds, WITH_US, least))


def _among(own: Floats, believed: Floats, stages: list[int], least: float) -> Floats:
    """Each play and stage among its like; at other stages what is stated."""
    here, blended = believed[:, stages], own.copy()
    like = COMMON * here.mean(axis=0) + OF_PLAY * here.mean(axis=1, keepdims=True)
    blended[:, stages] = np.maximum((1 - COMMON - OF_PLAY) * own[:, stages] + like, least)
    return blended


def _counted(runs: Followed, believed: PlayEffects) -> _Counted:
    moves, adds = believed.moves[runs.play][:, None, :], believed.adds[runs.play]
    more = runs.stay * gained(runs, adds)
    done = runs.before * runs.done[:, :, None]
    stays, goes = done * (1 - moves) * more, done * moves * more[:, :, SELLING : SELLING + 1]
    whole = (runs.before * (1 - runs.done[:, :, None]) * runs.stay + stays + goes).sum(axis=(1, 2), keepdims=True)
    each = runs.weight[:, None, None] / np.maximum(whole, 1e-300)
    stays, goes = stays * each, goes * each
    settled = stays.copy()
    settled[:, :, SELLING] += goes.sum(axis=2)
    own = runs.deals[:, None, None] * adds[:, None, :] / (runs.usual + adds[:, None, :])
    parts = ((stays + goes).sum(axis=1), goes.sum(axis=1), settled.sum(axis=1), (settled * own).sum(axis=1))
    return _Counted(*(_by_play(part, runs, len(believed.moves)) for part in parts))


def _by_play(each: Floats, runs: Followed, plays: int) -> Floats:
    total = np.zeros((plays, each.shape[1]))
    np.add.at(total, runs.play, each)
    return total
