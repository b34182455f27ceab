"""Prints how much pipeline each policy brings beside the oracle.

`python -m bench.simulate --partners 200 --months 8 --seeds 2`
"""

import argparse
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from bench.simulate.play_out import Scenario, play_out
from bench.simulate.policies import BASELINES
from bench.simulate.tally import Tally
from bench.simulate.truth import Floats

POLICIES = (*[name for name in BASELINES if name != "oracle"], "nextplay", "oracle")


def main() -> None:
    """Play every policy out on every seed, and print the tables."""
    asked = _asked()
    managers = asked.managers or min(10, max(3, asked.partners // 40))
    scenarios = [
        Scenario(asked.kind, asked.partners, managers, asked.months, asked.first_seed + seed) for seed in range(asked.seeds)
    ]
    work = [(policy, scenario) for scenario in scenarios for policy in POLICIES]
    # A process each: an installation belongs to the process that opened it.
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        results = list(pool.map(play_out, *zip(*work, strict=True)))
    pipeline = {
        policy: np.array([told[0] for (name, _), told in zip(work, results, strict=True) if name == policy])
        for policy in POLICIES
    }
    tallies = [told for _, told in results if told is not None]
    print(f"{asked.partners} partners, {managers} managers, {asked.months} months, {asked.seeds} seeds\n")
    print("\n".join([*_shares(pipeline), "", *_said(tallies)]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.simulate", description=__doc__)
    for name, usual in (("partners", 200), ("months", 8), ("seeds", 2), ("managers", 0), ("workers", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--kind", default="usual")
    parser.add_argument("--policies", default="")
    parser.add_argument("--first-seed", type=int, default=0)
    return parser.parse_args()


def _shares(pipeline: dict[str, Floats]) -> Iterable[str]:
    """Incremental pipeline over doing nothing, as a share of the oracle's, by seed: mean and standard error."""
    most = pipeline["oracle"] - pipeline["nothing"]
    yield "| policy | share of the oracle's incremental pipeline | standard error |"
    yield "|---|--:|--:|"
    for policy in POLICIES:
        share = 100 * (pipeline[policy] - pipeline["nothing"]) / most
        error = share.std(ddof=1) / np.sqrt(len(share)) if len(share) > 1 else float("nan")
        yield f"| {policy} | {share.mean():.0f} % | {error:.1f} |"


def _said(tallies: list[Tally]) -> Iterable[str]:
    pairs = np.array([pair for tally in tallies for pair in tally.forecasts]).reshape(-1, 2)
    said, met = pairs[:, 0], pairs[:, 1]
    brier, base = ((said - met) ** 2).mean(), met.mean() * (1 - met.mean())
    hours = sum(tally.hours for tally in tallies)
    yield "| nextplay | figure |"
    yield "|---|--:|"
    yield f"| hours on polite partners | {100 * sum(tally.polite_hours for tally in tallies) / hours:.1f} % |"
    waiting = sum(tally.still_open for tally in tallies)
    yield f"| outcomes closed by predicate, of those whose window is over | {len(pairs)} of {len(pairs) + waiting} |"
    yield f"| said, happened | {100 * said.mean():.1f} %, {100 * met.mean():.1f} % |"
    yield f"| Brier score; skill over the base rate | {brier:.3f}; {1 - brier / base:.2f} |"
    yield f"| stated gain over true gain | {sum(t.stated for t in tallies) / sum(t.true for t in tallies):.2f} |"
    yield f"| months over capacity | {sum(tally.over_capacity for tally in tallies)} |"
    yield f"| seconds a month's decision | {np.mean([second for tally in tallies for second in tally.seconds]):.1f} |"
    yield ""
    yield "| play | run | stated / true gain | said | happened |"
    yield "|---|--:|--:|--:|--:|"
    for play in sorted({name for tally in tallies for name in tally.by_play}):
        runs = np.array([tally.by_play[play] for tally in tallies if play in tally.by_play]).sum(axis=0)
        told = np.array([pair for t in tallies for pair in t.forecasts_by_play.get(play, [])]).reshape(-1, 2)
        rates = f"{100 * told[:, 0].mean():.0f} % | {100 * told[:, 1].mean():.0f} %" if len(told) else "| "
        yield f"| {play} | {runs[0]:.0f} | {runs[1] / runs[2]:.2f} | {rates} |"


if __name__ == "__main__":
    main()
