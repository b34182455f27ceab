"""ARCHITECTURE.md, the import contract and the folders say the same."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT, SOURCE, project

ROW = re.compile(r"^\| `(?P<room>\w+)` \| (?P<purpose>[^|]+) \| (?P<imports>[^|]+) \|$", re.MULTILINE)


def _contracts() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return read


def _layers() -> list[list[str]]:
    """Rooms from the first to the last, siblings together."""
    layers = next(contract for contract in _contracts() if contract["type"] == "layers")["layers"]
    return [[room.strip() for room in layer.split("|")] for layer in reversed(layers)]


def _allowed(room: str) -> set[str]:
    """Rooms above `room`, less those that another contract forbids as a whole."""
    above: set[str] = set()
    for layer in _layers():
        if room in layer:
            break
        above |= set(layer)
    for contract in _contracts():
        if contract["type"] == "forbidden" and f"nextplay.{room}" in contract["source_modules"]:
            above -= {name.removeprefix("nextplay.") for name in contract["forbidden_modules"]}
    return above


def _rows() -> dict[str, re.Match[str]]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return {row["room"]: row for row in ROW.finditer(text)}


def _folders() -> set[str]:
    layers = next(contract for contract in _contracts() if contract["type"] == "layers")
    found = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    return found - set(layers["exhaustive_ignores"]) - {"__init__"}


def test_the_map_lists_the_rooms_in_the_order_of_the_contract() -> None:
    assert list(_rows()) == [room for layer in _layers() for room in layer]


def test_every_folder_is_a_room_and_every_room_a_folder() -> None:
    assert _folders() == {room for layer in _layers() for room in layer}


def test_the_map_says_what_each_room_may_import() -> None:
    for room, row in _rows().items():
        assert set(re.findall(r"`(\w+)`", row["imports"])) == _allowed(room), room


def test_a_rooms_purpose_is_its_own_first_line() -> None:
    for room, row in _rows().items():
        folder = SOURCE / room / "__init__.py"
        text = (folder if folder.exists() else SOURCE / f"{room}.py").read_text(encoding="utf-8")
        assert text.startswith(f'"""{row["purpose"].strip()}"""'), room


def test_no_contract_carries_an_exception() -> None:
    assert not [contract["name"] for contract in _contracts() if contract.get("ignore_imports")]


def test_the_contracts_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    source = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, env=source, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
