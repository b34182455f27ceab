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

from nextplay.decisions.proposal import STANDING, Cycle, Decision, LeftOut, Lot, OwnerLoad, PlayDoes, Standings, Stop
from nextplay.home import Home
from nextplay.operations.installation import Installation

LATEST = "latest.json"
# Of one day: the one in use, and one before it that a page may be reading.
KEPT = 3

_SHAPES: dict[str, TypeAdapter[Any]] = {
    "owners": TypeAdapter(tuple[OwnerLoad, ...]),
    "focus": TypeAdapter(tuple[Decision, ...]),
    "in_line": TypeAdapter(tuple[Decision, ...]),
    "lots": TypeAdapter(tuple[Lot, ...]),
    "stop": TypeAdapter(tuple[Stop, ...]),
    "left_out": TypeAdapter(tuple[LeftOut, ...]),
    "believed": TypeAdapter(tuple[PlayDoes, ...]),
}


def key_of(*parts: object) -> str:
    """Short digest of what a cycle hangs on."""
    return hashlib.blake2b("|".join(str(part) for part in parts).encode(), digest_size=8).hexdigest()


def load_cycle(home: Home, as_of: str, key: str) -> Cycle | None:
    """The cycle computed for that day under that key; None where there is none."""
    stem = home.cycles / as_of / key
    try:
        held = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        standing = pl.read_parquet(stem.with_suffix(".parquet"))
    except FileNotFoundError:
        return None
    if set(standing.columns) != set(STANDING) or not _SHAPES.keys() <= held.keys():
        # Kept by an earlier version, which said less.
        return None
    shaped = {name: shape.validate_python(held[name]) for name, shape in _SHAPES.items()}
    day = TypeAdapter(Cycle.__annotations__["as_of"]).validate_python(held["as_of"])
    return Cycle(**{**held, **shaped, "as_of": day, "notes": tuple(held["notes"]), "next_actions": Standings(standing)})


def store_cycle(home: Home, cycle: Cycle, key: str) -> None:
    """Keep a cycle; it becomes the latest unless a later day's is there already."""
    folder = home.cycles / cycle.as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.cycles) as draft:
        cycle.next_actions.frame.write_parquet(Path(draft) / "standing")
        (Path(draft) / "standing").replace(folder / f"{key}.parquet")
    content = {name: value for name, value in vars(cycle).items() if name != "next_actions"}
    # The frame first: whoever finds the JSON finds both.
    _write(folder / f"{key}.json", to_json(content, fallback=_plain))
    _point(home, cycle, key)
    for old in sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)[:-KEPT]:
        old.unlink(missing_ok=True)
        old.with_suffix(".parquet").unlink(missing_ok=True)


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
        held: dict[str, str] = json.loads((home.cycles / LATEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return held


def _point(home: Home, cycle: Cycle, key: str) -> None:
    held, day = _pointer(home), cycle.as_of.isoformat()
    # Replaying a past month leaves the page where it is.
    if held is None or held["as_of"] <= day:
        _write(home.cycles / LATEST, to_json({"as_of": day, "key": key}))


def _plain(value: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return value.item()


def _write(target: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).replace(target)
