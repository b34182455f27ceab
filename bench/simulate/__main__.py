"""Prints how much pipeline each policy brings beside the oracle, in each kind of world.

`python -m bench.simulate --kinds usual,quiet --partners 160 --months 8 --seeds 3`; `--whole` sends the product through its
operations (files imported, months committed in a ledger) where it otherwise decides on facts written straight into a warehouse.
"""

import argparse
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context

import numpy as np

from bench.simulate.play_out import POLICIES, Scenario, play_out
from bench.simulate.tally import DropOff, Tally, auc
from bench.simulate.truth import SCENARIOS, Floats

# MABWiser comes with the dependency group `bench` alone.
_MISSING = () if find_spec("mabwiser") else ("linear Thompson bandit",)
OTHERS = [name for name in POLICIES if name not in ("oracle", "informed filter", *_MISSING)]


def main() -> None:
    """Play every policy out on every seed of every kind, and print the tables."""
    asked = _asked()
    product = "nextplay, whole" if asked.whole else "nextplay"
    policies = [*OTHERS, product, "informed filter", "oracle"]
    managers = asked.managers or min(25, max(3, asked.partners // 40))
    kinds, seeds = asked.kinds.split(","), range(asked.first_seed, asked.first_seed + asked.seeds)
    work = [
        (policy, Scenario(kind, asked.partners, managers, asked.months, seed))
        for kind in kinds
        for seed in seeds
        for policy in policies
    ]
    # A process each: an installation belongs to the process that opened it.
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        results = list(pool.map(play_out, *zip(*work, strict=True)))
    told = {(policy, one.kind, one.seed): result for (policy, one), result in zip(work, results, strict=True)}
    print(f"{asked.partners} partners, {managers} managers, {asked.months} months, {asked.seeds} seeds each\n")
    print(f"| policy | {' | '.join(kinds)} |\n|---|{'--:|' * len(kinds)}")
    for policy in policies:
        shares = [_share(_pipeline(told, policy, kind, seeds)) for kind in kinds]
        print(f"| {policy} | {' | '.join(shares)} |")
    print("\n".join(["", *_said([tally for _, tally in results if tally is not None])]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.simulate", description=__doc__)
    for name, usual in (("partners", 160), ("months", 8), ("seeds", 3), ("managers", 0), ("workers", 1), ("first-seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--kinds", default=",".join(SCENARIOS))
    parser.add_argument("--whole", action="store_true")
    return parser.parse_args()


def _pipeline(told: Mapping[tuple[str, str, int], tuple[float, Tally | None]], policy: str, kind: str, seeds: range) -> Floats:
    """Of doing nothing, the policy and the oracle, by seed."""
    return np.array([[told[name, kind, seed][0] for name in ("nothing", policy, "oracle")] for seed in seeds])


def _share(pipeline: Floats) -> str:
    """Incremental pipeline over doing nothing, as a share of the oracle's: mean over seeds and its standard error."""
    nothing, own, most = pipeline.T
    share = 100 * (own - nothing) / (most - nothing)
    error = share.std(ddof=1) / np.sqrt(len(share)) if len(share) > 1 else float("nan")
    return f"{share.mean():.0f} ({error:.0f})"


def _said(tallies: list[Tally]) -> Iterable[str]:
    pairs = np.array([pair for tally in tallies for pair in tally.forecasts]).reshape(-1, 2)
    said, met = pairs[:, 0], pairs[:, 1]
    brier, base = ((said - met) ** 2).mean(), met.mean() * (1 - met.mean())
    hours = sum(tally.hours for tally in tallies)
    yield "| nextplay | figure |"
    yield "|---|--:|"
    yield f"| hours on polite partners | {100 * sum(tally.polite_hours for tally in tallies) / hours:.1f} % |"
    yield f"| said, happened ({len(pairs)} outcomes) | {100 * said.mean():.1f} %, {100 * met.mean():.1f} % |"
    yield f"| Brier skill over the base rate | {1 - brier / base:.2f} |"
    yield f"| stated gain over true gain | {sum(t.stated for t in tallies) / sum(t.true for t in tallies):.2f} |"
    yield f"| months over capacity | {sum(tally.over_capacity for tally in tallies)} |"
    yield f"| seconds a month's decision | {np.mean([second for tally in tallies for second in tally.seconds]):.1f} |"
    yield from _drop_offs([one for tally in tallies for one in tally.drop_offs])
    yield ""
    yield "| play | run | stated / true gain | said | happened |"
    yield "|---|--:|--:|--:|--:|"
    for play in sorted({name for tally in tallies for name in tally.by_play}):
        runs = np.array([tally.by_play[play] for tally in tallies if play in tally.by_play]).sum(axis=0)
        own = np.array([pair for t in tallies for pair in t.forecasts_by_play.get(play, [])]).reshape(-1, 2)
        rates = f"{100 * own[:, 0].mean():.0f} % | {100 * own[:, 1].mean():.0f} %" if len(own) else "| "
        yield f"| {play} | {runs[0]:.0f} | {runs[1] / runs[2]:.2f} | {rates} |"


def _drop_offs(told: list[DropOff]) -> Iterable[str]:
    """Of all months together, beside the true chance: nobody can rank better than by that."""
    for lead in sorted({one.lead for one in told}):
        own = [one for one in told if one.lead == lead]
        said, truth, gone = (np.concatenate([getattr(one, name) for one in own]) for name in ("said", "truth", "gone"))
        name = f"drop-off {lead} days ahead ({len(gone)} cases, {100 * gone.mean():.0f} % gone): AUC, of the truth"
        yield f"| {name} | {auc(said, gone):.3f}, {auc(truth, gone):.3f} |"


if __name__ == "__main__":
    main()
