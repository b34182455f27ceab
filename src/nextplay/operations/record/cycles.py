"""Computed cycles as files under the home folder: an unchanged one is read instead of computed, and pages read the latest."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import TypeAdapter
from pydantic_core import to_json

from nextplay.decisions.proposal import DECIDED, STANDING, Cycle, Decisions, LeftOut, Lot, OwnerLoad, PlayDoes, Standings, Stop
from nextplay.home import Home
from nextplay.operations.installation import Installation

LATEST = "latest.json"
# Of one day: the one in use, and one before it that a page may be reading.
KEPT = 3

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
        if any(set(frames[name].columns) != set(told) for name, told in _FRAMES.items()) or not _SHAPES.keys() <= set(held):
            # Kept by an earlier version, which said less.
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
    with tempfile.TemporaryDirectory(dir=home.cycles) as draft:
        for name in _FRAMES:
            getattr(cycle, name).frame.write_parquet(Path(draft) / name, compression="lz4")
            (Path(draft) / name).replace(_frame_of(folder / key, name))
    content = {name: value for name, value in vars(cycle).items() if name not in _FRAMES}
    # Frames first: whoever finds the JSON finds all.
    _write(folder / f"{key}.json", to_json(content, fallback=_plain))
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
    """The cycle of the latest day that was decided."""
    pointer = _pointer(home)
    return load_cycle(home, pointer["as_of"], pointer["key"]) if pointer else None


def latest_month(home: Home) -> str | None:
    """The month of the latest cycle."""
    pointer = _pointer(home)
    return pointer["as_of"][:7] if pointer else None


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
    held, day = _pointer(home), cycle.as_of.isoformat()
    # Replaying a past month leaves the page where it is.
    if held is None or held["as_of"] <= day:
        _write(home.cycles / LATEST, to_json({"as_of": day, "key": key}))


def _frame_of(stem: Path, name: str) -> Path:
    return stem.with_name(f"{stem.name}-{name}.parquet")


def _plain(value: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return value.item()


def _write(target: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).replace(target)
