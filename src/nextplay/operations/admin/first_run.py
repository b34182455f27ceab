"""The way from an empty home to the first commit, in six steps; it can be left and taken up, and is gone when it is done."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Version, Warehouse
from nextplay.ledger import people, queries
from nextplay.operations.admin.put_program import program_text, put_program
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import TEAM, NotForThisViewer, Role, Viewer, require
from nextplay.program.edit import first_win_days, with_first_win, with_values

# Steps that nothing but the person's own word shows to be done.
MARKED = ("checked", "answered")
LEFT = "left"
_KEPT_AS = "guide"
LONGEST_NAME = 200


@dataclass(frozen=True)
class FirstRun:
    """The steps by name, in order, and whether each is done; `left`: the person wants to see no more of them for now."""

    steps: tuple[tuple[str, bool], ...]
    left: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(done for _, done in self.steps)

    @property
    def over(self) -> bool:
        """Whether every step is done."""
        return self.done == len(self.steps)

    @property
    def current(self) -> str:
        """The first step that is not done; empty where all are."""
        return next((name for name, done in self.steps if not done), "")


def first_run(installation: Installation, viewer: Viewer, appearance: dict[str, str]) -> FirstRun:
    """How far the viewer is; `appearance` holds their own word. Raises NotForThisViewer but for admins."""
    require(viewer, Role.ADMIN)
    word = frozenset(appearance.get(_KEPT_AS, "").split())
    loaded = holds_partners(installation)
    proposed = loaded and queries.latest_cycle() is not None
    steps = (
        ("named", bool(viewer.name.strip())),
        ("loaded", loaded),
        ("checked", loaded and "checked" in word),
        ("answered", "answered" in word),
        ("decided", proposed),
        ("committed", proposed and queries.anything_committed()),
    )
    return FirstRun(steps, LEFT in word)


def mark_step(viewer: Viewer, appearance: dict[str, str], step: str, *, now: datetime, undo: bool = False) -> None:
    """Keep the viewer's word that a step is done, or that they leave the guide. Raises NotForThisViewer for no such word."""
    require(viewer, Role.ADMIN)
    if step not in (*MARKED, LEFT):
        raise NotForThisViewer
    word = set(appearance.get(_KEPT_AS, "").split())
    word = word - {step} if undo else word | {step}
    people.change_appearance(viewer.email, {_KEPT_AS: " ".join(sorted(word))}, now=now)


def say_name(viewer: Viewer, name: str, *, now: datetime) -> None:
    """Keep what the viewer is called. Raises NotForThisViewer for the partner role: their lines bear their organization."""
    require(viewer, *TEAM)
    people.change_name(viewer.email, " ".join(name.split())[:LONGEST_NAME], now=now)


def answer(
    installation: Installation,
    viewer: Viewer,
    *,
    program_name: str,
    default_hours: float,
    holdout_share: float,
    first_win: int | None = None,
    based_on: str,
    now: datetime,
) -> str:
    """Put the answers into the program file; its version. `first_win`: days within which a first deal counts as one.

    Raises NotForThisViewer, ProgramError, ChangedMeanwhile.
    """
    home = installation.home
    # Without a file of one's own only what was answered is written: the rest stays the shipped program's.
    text = program_text(home) if home.program_file.exists() else ""
    answers = {"capacity.default_hours": default_hours, "chance.holdout_share": holdout_share}
    named = {"name": program_name.strip()} if program_name.strip() else {}
    changed = with_values(text, {**named, **answers})
    if first_win is not None and first_win != first_win_days(installation.program):
        changed = with_first_win(changed, first_win)
    return put_program(home, viewer, changed, based_on=based_on, why="first run", now=now)


def holds_partners(installation: Installation) -> bool:
    """Whether there are partners; asked once a version of the facts."""
    return _holds_partners(installation.warehouse, installation.warehouse.version())


@lru_cache(maxsize=4)
def _holds_partners(warehouse: Warehouse, version: Version) -> bool:
    return version.facts > 0 and not warehouse.read(stored("partners").select("partner_id").limit(1)).is_empty()
