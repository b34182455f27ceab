"""What a play is expected to add for each partner: deals with it and without it over the horizon, times what a deal is worth,
and the chance that it frees a deal that stands still, times the amount of that deal.

A partner does its part of a play with its own chance. Then the play moves it to selling, or adds deals at once, as often as is
believed of it at each stage in this program (`decisions.by_stage`). All shapes are (partners, plays).

Where an outcome does not follow from stages, its chance is moved by hand, by as much of that as the play reaches in all
(`decisions.reach`): another estimate from the same runs, and no gain hangs on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.belief import in_blocks
from nextplay.decisions.outlook import at_tempo, deals_ahead, few
from nextplay.decisions.prospect import Prospects
from nextplay.decisions.reach import Reach
from nextplay.program.definition import Program
from nextplay.program.engine import CHANNELS, SELLING
from nextplay.program.plays import Play, Predicate, Prior
from nextplay.signals.month_counts import COUNTED

Floats = npt.NDArray[np.float64]

# Outcomes that any of the partner's open deals can bring.
OF_OPEN_DEALS = ("deal_stage_reached", "deal_won")


@dataclass(frozen=True)
class Gains:
    """Chances of the outcome, extra deals over the horizon and money by partner and play, each of shape (partners, plays)."""

    p_with: Floats
    p_without: Floats
    deals: Floats
    gain: Floats


def expected_gains(frame: pl.DataFrame, seen: Prospects, program: Program) -> Gains:
    """Chances rounded to four digits, deals to three and gains to cents, so that a sentence can be recomputed."""
    deal, stalled = worth_of_a_deal(frame), frame["stalled_counted"].to_numpy()
    parts = in_blocks(lambda rows: _gains(deal[rows], stalled[rows], seen.part(rows), program), len(deal))
    return Gains(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def worth_of_a_deal(frame: pl.DataFrame) -> Floats:
    """What one more deal of each partner is worth: its typical size, times the share of its deals that qualify."""
    return np.asarray((frame["typical_deal"] * frame["qualified_share"]).to_numpy(), dtype=np.float64)


def _gains(deal: Floats, stalled: Floats, seen: Prospects, program: Program) -> tuple[Floats, Floats, Floats, Floats]:
    deals: Floats = np.round(extra_deals(seen, program) * fresh(seen, program), 3)
    money = deals * deal.reshape(-1, 1) + freed(seen, program) * stalled.reshape(-1, 1)
    chances = [outcome_chances(seen, program, column) for column in range(len(program.plays))]
    without, with_it = (np.column_stack(part) for part in zip(*chances, strict=True))
    p_without, p_with = (np.asarray(np.round(part, 4), dtype=np.float64) for part in (without, with_it))
    return np.maximum(p_with, p_without), p_without, deals, np.round(money, 2)


def fresh(seen: Prospects, program: Program) -> Floats:
    """What is left of a play after those of the months before, (partners, 1): each tires, half as much a month later."""
    ran = seen.seen.played >= 0
    fades = 0.5 ** np.arange(len(ran) - 1, -1, -1).reshape(-1, 1)
    return np.asarray(program.engine.back_to_back ** (ran * fades).sum(axis=0)).reshape(-1, 1)


def freed(seen: Prospects, program: Program) -> Floats:
    """Chance that each play frees the largest deal that stands still (partners, plays), to four digits.

    As far as the play reaches in all (`decisions.reach`), for who does its part. A deal that the play did not move is harder to
    move: each run of the same play within the look-back halves the chance.
    """
    believed = freed_as_reached(program.plays, seen.reach)
    ran = np.column_stack([(seen.seen.played == column).sum(axis=0) for column in range(len(believed))])
    each = believed * seen.does_its_part.reshape(-1, 1) * seen.suits * 0.5**ran
    return np.asarray(np.round(each * fresh(seen, program), 4))


def freed_as_reached(plays: Sequence[Play], reach: Reach) -> Floats:
    """Chance by play (P) that it frees a deal of a partner that does its part, before any run of it for the partner."""
    stated = np.array([play.effect.frees if play.effect else 0.0 for play in plays])
    return np.asarray(stated * reach.mean)


def extra_deals(seen: Prospects, program: Program) -> Floats:
    """Deals that each play adds over the horizon (partners, plays).

    The chance of doing its part, times what the play does to who does: those kinds that do more often are likelier then. So it
    is proportional to the chance, and never above what the play brings at best.
    """
    table = deals_by_stage(seen, program, np.ones((1, len(program.plays))))[0]
    added = np.einsum("ncs,pcs->np", seen.belief, table)
    return np.asarray(added * own_pace(seen).reshape(-1, 1) * seen.suits)


def deals_by_stage(seen: Prospects, program: Program, sizes: Floats) -> Floats:
    """Deals that plays add to each kind and stage, if they do so many times what is believed.

    `sizes` (draws, plays) to (draws, plays, C, S).
    """
    model, effects = seen.model, seen.effects
    ahead = deals_ahead(model, program.engine.horizon_months)
    rise = np.maximum(ahead[:, SELLING : SELLING + 1] - ahead, 0)
    size = sizes[:, :, None, None]
    each = np.clip(size * effects.moves[None, :, None, :], 0, 1) * rise + size * effects.adds[None, :, None, :]
    return np.asarray(model.keeps.reshape(-1, 1) * each)


def own_pace(seen: Prospects) -> Floats:
    """Factor on deals by partner: what it keeps beside its kind, times its tempo."""
    return np.asarray(seen.does_its_part / seen.kind_keeps * seen.tempo)


def loads(seen: Prospects, program: Program) -> Floats:
    """Open deals that each chance is of (partners, plays), beside a usual number of them; 1 where no open deal is meant.

    Of n times as many a chance c becomes 1 - (1 - c)^n: that any of them moves.
    """
    of_open = [play.by_hand is not None and play.outcome.predicate.event in OF_OPEN_DEALS for play in program.plays]
    return np.where(np.array(of_open), seen.load.reshape(-1, 1), 1.0)


def outcome_chances(seen: Prospects, program: Program, column: int) -> tuple[Floats, Floats]:
    """Chance of the play's outcome without and with it, by partner; where it is of open deals, of a usual number (`loads`)."""
    play = program.plays[column]
    if play.by_hand:
        return _by_prior(seen, play.by_hand, column)
    rates = _rates(seen, play.outcome.predicate)
    predicate = play.outcome.predicate
    number = int(np.ceil(predicate.at_least))
    table = few(seen.model, rates, number, predicate.window_days)
    moves, adds, keeps = seen.effects.moves[column], seen.effects.adds[column], _keeps(seen) * _suits(seen, column)
    gone = seen.belief * keeps * moves
    after = seen.belief - gone
    after[:, :, SELLING] += gone.sum(axis=2)
    extra = (seen.belief * keeps * adds).sum(axis=(1, 2)) * seen.tempo
    without = 1 - at_tempo(table, seen.belief, seen.tempo).sum(axis=1)
    return without, 1 - _fewer(at_tempo(table, after, seen.tempo), extra)


def _keeps(seen: Prospects) -> Floats:
    """Chance of doing its part by partner and kind, (partners, C, 1)."""
    own = (seen.does_its_part / seen.kind_keeps).reshape(-1, 1, 1)
    return np.asarray(np.clip(own * seen.model.keeps.reshape(1, -1, 1), 0, 0.98))


def _suits(seen: Prospects, column: int) -> Floats:
    """How much of a play is for each partner, (partners, 1, 1): as if it did its part so much more seldom."""
    return seen.suits[:, column].reshape(-1, 1, 1)


def _fewer(below: Floats, more: Floats) -> Floats:
    """Chance of still fewer with a Poisson number more; `below` (partners, number)."""
    number = below.shape[1]
    chance = np.exp(-more)
    total = np.zeros(len(more))
    for count in range(number):
        total += chance * below[:, : number - count].sum(axis=1)
        chance = chance * more / (count + 1)
    return total


def _rates(seen: Prospects, predicate: Predicate) -> Floats:
    """Events a month by kind and stage that close the outcome: deals, with the other kinds it accepts."""
    if predicate.event == "deal_opened":
        return seen.model.deals
    also = [channel for channel, (kinds, _) in CHANNELS.items() if set(kinds) & set(predicate.kinds)]
    return np.asarray(seen.model.deals + seen.model.rates[[COUNTED.index(one) for one in also]].sum(axis=0))


def _by_prior(seen: Prospects, prior: Prior, column: int) -> tuple[Floats, Floats]:
    """As the play assumes, on the side of those that do their part."""
    without = np.full(len(seen.tempo), prior.without)
    lift = (prior.with_play - prior.without) * seen.reach.mean[column] * seen.does_its_part * seen.suits[:, column]
    return without, np.clip(without + lift, 0.001, 0.999)
