"""One draw of one world under one way of choosing, and what is kept of it; spawned processes look it up by name."""

import tempfile
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import polars as pl

import nextplay
from bench.kept import Kept, digest_of
from bench.outsider import measure
from bench.outsider.choosers import SIMPLE
from bench.outsider.course import Course, live
from bench.outsider.learners import LEARNERS
from bench.outsider.product import Product, RuledOracle, open_installation
from bench.outsider.scenarios import SCENARIOS

CHOOSERS = SIMPLE | LEARNERS
# These read the program, so that what they come to hangs on the code of nextplay.
NEXTPLAY, RULED = "nextplay", "oracle under its rules"
OWN = {NEXTPLAY: Product, RULED: RuledOracle}
# Nothing that decides imports a face.
FACES = ("cli", "web")


@dataclass(frozen=True)
class Asked:
    """One course to run: a draw of a world, who chooses, and with which nextplay (nothing where it does not matter)."""

    world: str
    draw: int
    chooser: str
    code: str = ""
    # The simulator's own code: what an earlier one kept is no result of this one.
    simulator: str = ""

    @classmethod
    def now(cls, world: str, draw: int, chooser: str) -> "Asked":
        """With nextplay as it is."""
        simulator = digest_of(Path(__file__).parent, but=("__main__.py", "tables.py"))
        return cls(world, draw, chooser, code_that_decides() if chooser in OWN else "", simulator)


@dataclass(frozen=True)
class Result:
    """What came of a course: expected pipeline of the year and the tail, and the true gain of all that was chosen, on its day.

    `polite` is the share of hours on partners that never act.
    `said` is empty but for nextplay: `lines`, what it committed beside what was true; `cases` of drop-off risk; `months`, the
    true gain of its list beside those of the best that were open.
    """

    pipeline: float
    chosen: float
    polite: float
    said: dict[str, pl.DataFrame] = field(default_factory=dict)


@cache
def code_that_decides() -> str:
    """Another one as soon as nextplay may decide otherwise."""
    rooms = Path(nextplay.__file__).parent
    return digest_of(*sorted(room for room in rooms.iterdir() if room.is_dir() and room.name not in FACES))


def run(asked: Asked, folder: Path) -> None:
    """Live through the course and keep what came of it; to be called in a process of its own."""
    scenario, said = SCENARIOS[asked.world], {}
    if asked.chooser in OWN:
        with tempfile.TemporaryDirectory() as home:
            product = OWN[asked.chooser](open_installation(Path(home) / "home"))
            course = live(scenario, asked.draw, product)
            product.installation.close()
        if asked.chooser == NEXTPLAY:
            said = _said(course, product)
    else:
        course = live(scenario, asked.draw, CHOOSERS[asked.chooser])
    came = Result(course.pipeline, course.chosen, course.hours_on_polite, said)
    Kept(folder).write(asdict(asked), came)


def _said(course: Course, product: Product) -> dict[str, pl.DataFrame]:
    lines = measure.judged(course, pl.concat(product.lines))
    return {
        "lines": lines.select("month", "partner", "play", "kind", "probability", "stated", "true", "exploration", "met"),
        "cases": measure.risk_cases(course, product.risks),
        "months": measure.within_reach(course, product.eligible),
    }
