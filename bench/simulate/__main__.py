"""Prints how much pipeline each policy brings beside the oracle, in each kind of world.

`python -m bench.simulate --kinds usual,quiet --partners 160 --months 12 --seeds 3 --keep FOLDER`; what the folder has is not
played out again while the code it hangs on is the same. `--policies "nextplay, whole"` sends the product through its operations
(files imported, months committed in a ledger), which otherwise decides on facts written straight into a warehouse.
"""

import argparse
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.kept import Kept
from bench.simulate.courses import key_of, play_out_missing
from bench.simulate.play_out import POLICIES, Scenario
from bench.simulate.tables import ahead, by_play, said, shares
from bench.simulate.truth import SCENARIOS

# MABWiser comes with the dependency group `bench` alone.
_MISSING = () if find_spec("mabwiser") else ("linear Thompson bandit",)
_CEILINGS = ("informed filter within the program", "informed filter", "oracle")
BASELINES = [name for name in POLICIES if name not in ("nothing", *_CEILINGS, *_MISSING)]


def main() -> None:
    """Play every policy out on every seed of every kind, and print the tables."""
    asked = _asked()
    # What every share is between.
    policies = list(dict.fromkeys(["nothing", *asked.policies.split(","), "oracle"]))
    kinds = asked.kinds.split(",")
    managers = asked.managers or min(25, max(3, asked.partners // 40))
    seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
    work = [
        (policy, Scenario(kind, asked.partners, managers, asked.months, seed))
        for seed in seeds
        for kind in kinds
        for policy in policies
    ]
    with TemporaryDirectory() as passing:
        kept = Kept(asked.keep or Path(passing))
        if not asked.print_kept:
            play_out_missing(kept, work, asked.workers)
        told = {(policy, one.kind, one.seed): kept.read(key) for policy, one in work if kept.has(key := key_of(policy, one))}
    print(f"{asked.partners} partners, {managers} managers, {asked.months} months, seeds {seeds.start} to {seeds.stop - 1}\n")
    for of in ("pipeline", "worth"):
        print("\n".join([*shares(told, policies[1:], kinds, of=of), ""]))
        if "nextplay" in policies:
            others = [name for name in policies if name not in ("nextplay", "nothing", "oracle")]
            print("\n".join([*ahead(told, others, kinds, of=of), ""]))
    for product in ("nextplay", "nextplay, whole"):
        tallies = [course.tally for (policy, _, _), course in told.items() if policy == product and course.tally]
        if tallies:
            print("\n".join([*said(told, product, kinds), "", *by_play(tallies)]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.simulate", description=__doc__)
    for name, usual in (("partners", 160), ("months", 12), ("seeds", 3), ("managers", 0), ("workers", 1), ("first-seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--kinds", default=",".join(SCENARIOS))
    parser.add_argument("--policies", default=",".join([*BASELINES, "nextplay", *_CEILINGS]))
    parser.add_argument("--keep", type=Path, help="folder of courses that are kept")
    parser.add_argument("--print-kept", action="store_true", help="play nothing out: print what the folder has")
    return parser.parse_args()


if __name__ == "__main__":
    main()
