"""Computed cycles as files under the home folder: an unchanged one is read instead of computed, and pages read the latest."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from pydantic import TypeAdapter
from pydantic_core import to_json

from nextplay.decisions.proposal import DECIDED, STANDING, Cycle, Decisions, LeftOut, Lot, OwnerLoad, PlayDoes, Standings, Stop
from nextplay.home import Home
from nextplay.ledger import queries
from nextplay.operations.installation import Installation
from nextplay.operations.record.history import decision_of
from nextplay.operations.record.own_code import own_code

LATEST = "latest.json"
# Of one day: the one in use, and one before it that a page may be reading.
KEPT = 3
# Files are written beside the others and moved into place. Whoever was killed meanwhile leaves its draft behind; no month takes
# an hour to write, and the process that wrote one may have run on another machine: age alone tells.
_DRAFT, _DRAFT_SECONDS = "draft-", 3600

_SHAPES: dict[str, TypeAdapter[Any]] = {
    "owners": TypeAdapter(tuple[OwnerLoad, ...]),
    "lots": TypeAdapter(tuple[Lot, ...]),
    "stop": TypeAdapter(tuple[Stop, ...]),
    "left_out": TypeAdapter(tuple[LeftOut, ...]),
    "believed": TypeAdapter(tuple[PlayDoes, ...]),
}


# A file that is not there, that was cut off, or that says something else than a cycle.
_UNREADABLE = (OSError, ValueError, pl.exceptions.PolarsError)

# What of a cycle grows with partners: a file each, with the columns that it must have.
_FRAMES = {"next_actions": STANDING, "focus": DECIDED, "in_line": DECIDED}


def key_of(*parts: object) -> str:
    """Short digest of what a cycle hangs on."""
    return hashlib.blake2b("|".join(str(part) for part in parts).encode(), digest_size=8).hexdigest()


def load_cycle(home: Home, as_of: str, key: str) -> Cycle | None:
    """The cycle computed for that day under that key; None where there is none, or its files are not whole."""
    stem = home.cycles / as_of / key
    try:
        held = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        frames = {name: pl.read_parquet(_frame_of(stem, name)) for name in _FRAMES}
        told = held.keys() | frames.keys() == Cycle.__dataclass_fields__.keys()
        if not told or any(set(frames[name].columns) != set(columns) for name, columns in _FRAMES.items()):
            # Kept by another version, which said less or more.
            return None
        shaped = {name: shape.validate_python(held[name]) for name, shape in _SHAPES.items()}
        day = TypeAdapter(Cycle.__annotations__["as_of"]).validate_python(held["as_of"])
    except _UNREADABLE:
        return None
    focus, in_line = (Decisions(frames[name]) for name in ("focus", "in_line"))
    framed = {"next_actions": Standings(frames["next_actions"]), "focus": focus, "in_line": in_line}
    return Cycle(**{**held, **shaped, **framed, "as_of": day, "notes": tuple(held["notes"])})


def store_cycle(home: Home, cycle: Cycle, key: str) -> None:
    """Keep a cycle; it becomes the latest unless a later day's is there already."""
    folder = home.cycles / cycle.as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    with _draft(home) as draft:
        for name in _FRAMES:
            getattr(cycle, name).frame.write_parquet(draft / name, compression="lz4")
            (draft / name).replace(_frame_of(folder / key, name))
    content = {name: value for name, value in vars(cycle).items() if name not in _FRAMES}
    # Frames first: whoever finds the JSON finds all.
    _write(home, folder / f"{key}.json", to_json(content, fallback=_plain))
    point_to(home, cycle, key)
    for old in sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)[:-KEPT]:
        old.unlink(missing_ok=True)
        for frame in folder.glob(f"{old.stem}*.parquet"):
            frame.unlink(missing_ok=True)


def is_old(installation: Installation, cycle: Cycle) -> bool:
    """Whether files, a move of partners or another program came since; what people enter of their plays makes no list old."""
    brought = installation.warehouse.version().brought
    return int(cycle.facts_version) < brought or cycle.program_version != installation.program.version


def latest_cycle(home: Home) -> Cycle | None:
    """The cycle of the latest day that was decided.

    Where its files cannot be read, as another version kept them, or are gone, as after a restore: what the ledger holds of it,
    its decisions, and of nobody else where they stand (`only_decisions`).
    """
    pointer = _pointer(home)
    kept = load_cycle(home, pointer["as_of"], pointer["key"]) if pointer else None
    return kept or _from_ledger()


def only_decisions(cycle: Cycle) -> bool:
    """Whether nothing is known of it but its decisions: a cycle that was read whole tells where every partner stands."""
    return cycle.next_actions.frame.is_empty()


def by_another_version(home: Home) -> bool:
    """Whether the latest cycle was decided by other code than this."""
    pointer = _pointer(home)
    return pointer is not None and pointer.get("code") != own_code()


def _from_ledger() -> Cycle | None:
    month = queries.latest_proposed()
    if month is None:
        return None
    proposed = [one for one in queries.decisions(cycle=month.month, status="proposed") if one.origin == "method"]
    listed = Decisions.of(decision_of(one) for one in proposed)
    return Cycle(month.month, month.as_of, month.facts_version, month.program_version, month.seed, month.currency, focus=listed)


def latest_month(home: Home) -> str | None:
    """The month of the latest cycle."""
    pointer = _pointer(home)
    if pointer:
        return pointer["as_of"][:7]
    proposed = queries.latest_proposed()
    return proposed.month if proposed else None


def latest_key(home: Home) -> str | None:
    """What the latest cycle hung on, to tell whether it is stale."""
    pointer = _pointer(home)
    return pointer["key"] if pointer else None


def _pointer(home: Home) -> dict[str, str] | None:
    try:
        held = json.loads((home.cycles / LATEST).read_text(encoding="utf-8"))
    except _UNREADABLE:
        return None
    return held if isinstance(held, dict) and held.keys() >= {"as_of", "key"} else None


def point_to(home: Home, cycle: Cycle, key: str) -> None:
    """Make a kept cycle the latest, unless that of a later day is."""
    # Replaying a past month leaves the page where it is.
    if not _later_one_is_shown(home, cycle):
        told = {"as_of": cycle.as_of.isoformat(), "key": key, "code": own_code()}
        _write(home, home.cycles / LATEST, to_json(told))


def _later_one_is_shown(home: Home, cycle: Cycle) -> bool:
    """Of a list that cannot be read its decisions are: another day of its month takes its place, no earlier month does."""
    held = _pointer(home)
    if held and held["as_of"] <= cycle.as_of.isoformat():
        return False
    if held and load_cycle(home, held["as_of"], held["key"]):
        return True
    proposed = queries.latest_proposed()
    return proposed is not None and proposed.month > cycle.cycle


def _frame_of(stem: Path, name: str) -> Path:
    return stem.with_name(f"{stem.name}-{name}.parquet")


def _plain(value: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return value.item()


def _write(home: Home, target: Path, content: bytes) -> None:
    with _draft(home) as draft:
        (draft / target.name).write_bytes(content)
        (draft / target.name).replace(target)


@contextmanager
def _draft(home: Home) -> Iterator[Path]:
    """A folder to write in, on the disk of the kept months, gone afterwards."""
    with TemporaryDirectory(prefix=_DRAFT, dir=home.cycles) as folder:
        _clear_older(Path(folder))
        yield Path(folder)


def _clear_older(draft: Path) -> None:
    """Remove what processes left behind that were killed while they kept a month; the disk's own clock says how long ago."""
    began = draft.stat().st_mtime
    for left in draft.parent.glob(f"{_DRAFT}*"):
        # Another may clear it too, and one that cannot be removed must not end a decision.
        with suppress(OSError):
            if began - left.stat().st_mtime > _DRAFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
