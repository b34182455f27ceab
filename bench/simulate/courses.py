"""Courses that are kept: which one each is, and playing out those that are missing."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import nextplay
from bench.kept import Kept, digest_of
from bench.simulate.play_out import PRODUCTS, Scenario, hours_of_plays, play_out

# No course hangs on how it is printed or kept, and none but the product's on how the product is asked.
_PRINTED = ("__main__.py", "tables.py", "courses.py")
_ASKED = ("engine.py", "product.py", "within.py", "tally.py")

Key = dict[str, object]


def key_of(policy: str, scenario: Scenario) -> Key:
    """What a course hangs on: its world, and the code of it and of the policy."""
    return {"policy": policy, "code": _code(product=policy in PRODUCTS), **asdict(scenario)}


def play_out_missing(kept: Kept, work: list[tuple[str, Scenario]], workers: int) -> None:
    """Take and keep every course that is not kept yet."""
    missing = [(kept, key_of(*one), *one) for one in work if not kept.has(key_of(*one))]
    if missing:
        # An installation belongs to the process that opened it.
        most = 1 if any(policy == "nextplay, whole" for policy, _ in work) else None
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=most) as pool:
            list(pool.map(_keep, *zip(*missing, strict=True)))


def _keep(kept: Kept, key: Key, policy: str, scenario: Scenario) -> None:
    kept.write(key, play_out(policy, scenario))


@cache
def _code(*, product: bool) -> str:
    here = Path(__file__).parent
    if product:
        return f"{digest_of(here, but=_PRINTED)} {digest_of(Path(nextplay.__file__).parent)}"
    return f"{digest_of(here, but=(*_PRINTED, *_ASKED))} {hours_of_plays().tolist()}"
