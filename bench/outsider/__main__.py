"""Runs the worlds and prints the tables: `python -m bench.outsider --worlds usual small --draws 3 --keep FOLDER`.

Results are kept in the folder; a rerun takes what is missing, and nextplay anew when its code has changed. `--beside CODE` sets
nextplay as it is beside the one whose results bear that name there.
"""

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from bench.kept import Kept
from bench.outsider import tables
from bench.outsider.effects import PLAYS
from bench.outsider.scenarios import SCENARIOS
from bench.outsider.year import CHOOSERS, NEXTPLAY, RULED, Asked, Result, code_that_decides, run

# MABWiser comes with the dependency group `bench` alone.
MISSING = () if find_spec("mabwiser") else ("linear Thompson bandit",)
WORLDS = ["usual", "quiet", "noisy", "drift", "cold", "small"]


def main() -> None:
    """Runs what is missing, one process after another, and prints the tables."""
    asked = argparse.ArgumentParser(prog="bench.outsider", description=__doc__)
    asked.add_argument("--worlds", nargs="+", choices=SCENARIOS, default=WORLDS)
    asked.add_argument("--draws", type=int, default=3)
    asked.add_argument(
        "--first", type=int, default=0, help="draws to leave out: 1 leaves the one with the same partners in all"
    )
    asked.add_argument("--keep", type=Path, help="folder of results")
    asked.add_argument("--ruled", action="store_true", help="the oracle under the program's conditions and pauses, too")
    asked.add_argument("--beside", metavar="CODE", help="kept results of another nextplay to set this one beside")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = said.keep or Path(passing)
        choosers = [*(name for name in CHOOSERS if name not in MISSING), *([RULED] if said.ruled else []), NEXTPLAY]
        draws = {world: _draws(world, said.first + said.draws)[said.first :] for world in said.worlds}
        courses = {
            world: {chooser: [Asked.now(world, draw, chooser) for draw in draws[world]] for chooser in choosers}
            for world in draws
        }
        _run_what_is_missing([one for by_name in courses.values() for of in by_name.values() for one in of], folder)
        worlds = {world: {name: _kept(of, folder) for name, of in by_name.items()} for world, by_name in courses.items()}
        print("\n".join([f"nextplay {code_that_decides()}", "", *tables.table(worlds), "", *tables.own_figures(worlds), ""]))
        print("\n".join(tables.by_play(worlds, PLAYS)))
        if said.beside:
            asked_before = {world: [replace(one, code=said.beside) for one in of[NEXTPLAY]] for world, of in courses.items()}
            before = {world: _kept(of, folder) for world, of in asked_before.items()}
            print("\n".join(["", *tables.beside(worlds, before)]))


def _draws(world: str, most: int) -> list[int]:
    """The first has the same partners in all worlds, which tells what makes them differ; the others are a world's own."""
    own = 100 * (1 + list(SCENARIOS).index(world))
    return [0, *range(own + 1, own + most)]


def _run_what_is_missing(courses: list[Asked], folder: Path) -> None:
    """A process for each that opens a home, as that belongs to the process that opened it."""
    missing = sorted((one for one in courses if not Kept(folder).has(asdict(one))), key=lambda one: one.draw)
    for one in missing:
        if one.chooser in CHOOSERS:
            run(one, folder)
    own = [one for one in missing if one.chooser not in CHOOSERS]
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for _ in pool.map(run, own, [folder] * len(own)):
            pass


def _kept(courses: list[Asked], folder: Path) -> list[Result]:
    return [Kept(folder).read(asdict(one)) for one in courses]


if __name__ == "__main__":
    main()
