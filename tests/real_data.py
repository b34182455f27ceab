"""Where the real data sets are: beside the project, never in it. A test that needs one is skipped where it is absent."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@cache
def folder() -> Path | None:
    """`NEXTPLAY_SHARED_DATA`, else `../shared/data` beside the repository (the main one, for a work tree of it)."""
    named = os.environ.get("NEXTPLAY_SHARED_DATA")
    places = [Path(named)] if named else [repository / ".." / "shared" / "data" for repository in _repositories()]
    return next((place.resolve() for place in places if place.is_dir()), None)


def path(*parts: str) -> Path:
    """A file or folder of the real data; skips the test where it is absent."""
    found = folder()
    if found is None or not found.joinpath(*parts).exists():
        pytest.skip(f"no real data here: {'/'.join(parts)}")
    return found.joinpath(*parts)


def ground_truth() -> dict[str, Any]:
    """Each figure a correct product must show, with the SQL it came from; skips the test where it is absent."""
    read: dict[str, Any] = json.loads(path("ground_truth.json").read_text(encoding="utf-8"))
    return read


def _repositories() -> list[Path]:
    # Where git is absent (an unpacked archive), the folder itself is all there is.
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return [REPOSITORY]
    return [REPOSITORY, Path(asked.stdout.strip()).parent]
