"""Who gets hours: policies over what everybody can see, and an oracle that sees the truth. All spend the same hours."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from bench.simulate.facts import Books, Tables, has_seller
from bench.simulate.truth import PLAYS, Floats, Whole, World, true_gain

# A manager does not come back with another play for this long.
REST = 2


@dataclass(frozen=True)
class View:
    """What a policy decides on: the month ahead, hours by manager, and since when each partner had no play."""

    world: World
    books: Books
    month: int
    owners: Whole
    capacity: Floats
    hours: Floats
    last_played: Whole
    # Every file so far, profiles first, and the plays of each watched month.
    brought: list[Tables]
    plays: list[Whole]


Policy = Callable[[View], Whole]


def nothing(view: View) -> Whole:
    """No plays at all."""
    return np.full(len(view.owners), -1)


def at_random(view: View) -> Whole:
    """Partners by lot, each with the play that its record suggests."""
    score = np.random.default_rng([view.world.seed, 6, view.month]).random(len(view.owners))
    return spend(view, score, by_record(view))


def top_revenue(view: View) -> Whole:
    """Those who brought most so far."""
    return spend(view, _seen(view)["value"].to_numpy(), by_record(view))


def enabled_badge(view: View) -> Whole:
    """Those who were enabled last."""
    return spend(view, view.world.joined.astype(np.float64), by_record(view))


def rules(view: View) -> Whole:
    """A sensible manager: enabled within 90 days with a named seller first, then former sellers gone silent, then sellers."""
    seen, seller = _seen(view), has_seller(view.world)
    silent = view.month - seen["last"].to_numpy()
    deals = seen["deals"].to_numpy()
    fresh = (view.month - view.world.joined <= 3) & seller & (deals == 0)
    former = (deals > 0) & (silent >= 3) & (silent <= 9)
    selling = (deals > 0) & (silent < 3)
    rank = np.select([fresh, former, selling], [3.0, 2.0, 1.0], 0.0)
    rank[view.month - view.last_played <= REST] = 0
    worth = np.log1p(seen["value"].to_numpy()) / 100
    return spend(view, np.where(rank > 0, rank + worth, 0), by_record(view))


def oracle(view: View) -> Whole:
    """Most true gain an hour, from the hidden state; it looks one month of plays ahead."""
    gain = true_gain(view.world, view.month) * (view.world.joined <= view.month).reshape(-1, 1)
    gain[view.world.moving] = 0
    hourly = gain / view.hours
    best = hourly.argmax(axis=1)
    return spend(view, hourly[np.arange(len(best)), best], best)


BASELINES: dict[str, Policy] = {
    "nothing": nothing,
    "random": at_random,
    "top revenue": top_revenue,
    "enabled badge": enabled_badge,
    "sensible rules": rules,
    "oracle": oracle,
}


def _seen(view: View) -> pl.DataFrame:
    """Deals brought, their value and the month of the last, a row a partner."""
    months = (pl.col("opened_at").dt.year() - view.books.start.year) * 12 + pl.col("opened_at").dt.month()
    told = view.books.deals.group_by("partner").agg(
        deals=pl.len(),
        value=pl.col("amount").sum(),
        last=(months - view.books.start.month).max(),
        stuck=((pl.col("stage_changed_at") < view.books.day(view.month - 2)) & ~pl.col("stage").is_in(["won", "lost"])).any(),
    )
    everyone = pl.DataFrame({"partner": np.arange(len(view.owners))}).join(
        told, on="partner", how="left", maintain_order="left"
    )
    return everyone.with_columns(
        pl.col("deals").fill_null(0),
        pl.col("value").fill_null(0),
        pl.col("last").fill_null(-99),
        pl.col("stuck").fill_null(value=False),
    )


def by_record(view: View) -> Whole:
    """Never sold: first play. Sold once, silent: reactivation. Selling: unblock what stands still, else a sprint."""
    seen = _seen(view)
    sold, silent = seen["deals"].to_numpy() > 0, view.month - seen["last"].to_numpy() >= 3
    names = np.select(
        [~sold, silent, seen["stuck"].to_numpy()], ["first_selling_play", "reactivation", "deal_unblock"], "co_sell_sprint"
    )
    return np.array([PLAYS.index(name) for name in names])


def spend(view: View, score: Floats, play: Whole) -> Whole:
    """By score, while each manager's hours last; who has not joined yet, or scores nothing, gets none."""
    chosen = np.full(len(play), -1)
    free = view.capacity.copy()
    for row in np.argsort(-score, kind="stable"):
        hours = view.hours[play[row]]
        if score[row] > 0 and view.world.joined[row] <= view.month and free[view.owners[row]] >= hours:
            chosen[row], free[view.owners[row]] = play[row], free[view.owners[row]] - hours
    return chosen
