"""The source tree as the architecture tests read it."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "nextplay"


@cache
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git holds or would hold."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(path for name in sorted(set(asked.stdout.splitlines())) if (path := ROOT / name).is_file())


def modules(*folders: Path) -> Iterator[tuple[str, ast.Module, str]]:
    """Name, syntax tree and text of every module below the folders; migrations are Django's own writing."""
    for folder in folders or (SOURCE,):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield str(path.relative_to(ROOT)), ast.parse(text), text


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, at any depth."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
