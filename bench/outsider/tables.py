"""Tables of what came of the courses: shares of the oracle, what nextplay said of itself, and one nextplay beside another."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from bench.estimates import Floats, auc, ratio_of_sums
from bench.outsider.measure import LEAD_DAYS, brier_skill
from bench.outsider.year import NEXTPLAY, Result

# What came of each draw of one world, by who chose.
Draws = Mapping[str, list[Result]]


def table(worlds: Mapping[str, Draws]) -> list[str]:
    """A line a way of choosing: its share of what the oracle adds, in each world and in all, and how far the list is ahead."""
    lines = [
        f"| chosen by | {' | '.join(worlds)} | all | the list is ahead by | hours on partners that never act |",
        f"|---|{'--:|' * (len(worlds) + 3)}",
    ]
    for name in next(iter(worlds.values())):
        by_world = [_shares(draws, draws[name]) for draws in worlds.values()]
        list_by_world = [_shares(draws, draws[NEXTPLAY]) for draws in worlds.values()]
        every, ahead = np.concatenate(by_world), np.concatenate(list_by_world) - np.concatenate(by_world)
        polite = np.mean([one.polite for draws in worlds.values() for one in draws[name]])
        cells = [
            *(_mean(one) for one in by_world),
            _mean(every),
            "" if name == NEXTPLAY else _mean(ahead, "+"),
            f"{polite:.0%}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def own_figures(worlds: Mapping[str, Draws]) -> list[str]:
    """What nextplay said against what was true, a line a world and one for all."""
    lines = [
        "| world | stated / true gain | Brier skill | within plays | drop-off AUC | of the truth | 40 days on | of the truth "
        "| list / best open to it | best open to it / best |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    by_world = {world: draws[NEXTPLAY] for world, draws in worlds.items()}
    for world, came in (by_world | {"all": [one for of in by_world.values() for one in of]}).items():
        said = {name: pl.concat([one.said[name] for one in came]) for name in ("lines", "cases", "months")}
        chosen, months = said["lines"], said["months"].sum()
        figures = [stated_over_true(came), brier_skill(chosen), brier_skill(chosen, by_play=True)]
        for lead in (0, LEAD_DAYS):
            cases = said["cases"].filter(pl.col("lead") == lead)
            figures += [auc(cases[name].to_numpy(), cases["silent"].to_numpy()) for name in ("told", "truth")]
        figures += [months.item(0, "list") / months.item(0, "open"), months.item(0, "open") / months.item(0, "best")]
        lines.append(f"| {world} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")
    return lines


def by_play(worlds: Mapping[str, Draws], plays: tuple[str, ...]) -> list[str]:
    """What was said of each play against what was true, all worlds together."""
    lines = ["| play | run | stated / true gain | said | happened |", "|---|--:|--:|--:|--:|"]
    told = pl.concat([one.said["lines"] for draws in worlds.values() for one in draws[NEXTPLAY]])
    for place, name in enumerate(plays):
        own = told.filter(pl.col("play") == place)
        if own.height:
            sums, means = own.select("stated", "true").sum().row(0), own.select("probability", "met").mean().row(0)
            lines.append(f"| {name} | {own.height} | {sums[0] / sums[1]:.2f} | {means[0]:.0%} | {means[1]:.0%} |")
    return lines


def beside(worlds: Mapping[str, Draws], before: Mapping[str, list[Result]]) -> list[str]:
    """nextplay now beside another one in the same draws, a line a world and one for all; differences with standard errors."""
    lines = [
        "| world | share of the oracle, before | now | difference | true gain of what was chosen, now / before | stated / true "
        "| Brier skill |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    both = {
        world: (draws[NEXTPLAY], before[world], np.array([_shares(draws, one) for one in (before[world], draws[NEXTPLAY])]))
        for world, draws in worlds.items()
    }
    both["all"] = (
        [one for now, _, _ in both.values() for one in now],
        [one for _, old, _ in both.values() for one in old],
        np.concatenate([shares for _, _, shares in both.values()], axis=1),
    )
    for world, (now, old, shares) in both.items():
        gained, gained_error = ratio_of_sums(*(np.array([one.chosen for one in came]) for came in (now, old)))
        said = (stated_over_true(old), stated_over_true(now), *(brier_skill(_lines(came)) for came in (old, now)))
        told = [_mean(shares[0]), _mean(shares[1]), _mean(shares[1] - shares[0], "+"), f"{gained:.1%}{_give(gained_error)}"]
        told += [f"{said[0]:.2f}, now {said[1]:.2f}", f"{said[2]:.2f}, now {said[3]:.2f}"]
        lines.append(f"| {world} | " + " | ".join(told) + " |")
    return lines


def stated_over_true(came: list[Result]) -> float:
    """Gains that were stated over the true ones, in sum."""
    stated, true = _lines(came).select("stated", "true").sum().row(0)
    return float(stated / true)


def _lines(came: list[Result]) -> pl.DataFrame:
    return pl.concat([one.said["lines"] for one in came])


def _shares(draws: Draws, came: list[Result]) -> Floats:
    """By draw: what came above nothing, as a share of what the oracle adds."""
    nothing, own, best = (np.array([one.pipeline for one in of]) for of in (draws["nothing"], came, draws["oracle"]))
    return np.asarray((own - nothing) / (best - nothing))


def _mean(shares: Floats, sign: str = "") -> str:
    """Mean over draws and its standard error."""
    error = shares.std(ddof=1) / np.sqrt(shares.size) if shares.size > 1 else float("nan")
    return f"{shares.mean():{sign}.1%}{_give(error)}"


def _give(error: float) -> str:
    """A standard error as it is told; nothing where a single draw has none."""
    return "" if np.isnan(error) else f" ± {error:.1%}"
