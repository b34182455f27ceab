"""What must not be in a committed file, and what the locks must hold."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT, committed, project

# Put together here, so that this file does not hold them either.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("yarnpkg", "com"),
    )
]
MACHINE_PATHS = [
    "/" + "/".join(parts) + "/" for parts in (("work", "main"), ("work", "wt"), ("work", "shared"), ("opt", "np"), ("root",))
]
LOCKED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("word", REGISTRY_HOSTS + MACHINE_PATHS)
def test_no_file_names_a_package_registry_or_a_place_on_one_machine(word: str) -> None:
    assert not [str(path.relative_to(ROOT)) for path in committed() if word in _text(path)]


def test_no_file_is_data_that_was_not_made_for_the_project() -> None:
    ours = ("docs/", "src/nextplay/web/static/", "tests/")
    large = [str(path.relative_to(ROOT)) for path in committed() if path.stat().st_size > 400_000]
    assert not large
    kinds = (".parquet", ".duckdb", ".sqlite3", ".xlsx", ".csv")
    names = [str(path.relative_to(ROOT)) for path in committed() if path.suffix in kinds]
    assert not [name for name in names if not name.startswith(ours)]


def _asked(*groups: str) -> list[Requirement]:
    read = project()
    named = [entry for group in groups for entry in read["dependency-groups"][group]]
    return [Requirement(text) for text in (*read["project"]["dependencies"], *named)]


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ("build",)), ("requirements-dev.lock", ("build", "dev"))], ids=["run", "dev"]
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, groups: tuple[str, ...]) -> None:
    held = {canonicalize_name(row["name"]): row["version"] for row in LOCKED.finditer(_text(ROOT / lock))}
    for asked in _asked(*groups):
        name = canonicalize_name(asked.name)
        assert name in held, f"{name} is not in {lock}: run `make lock`"
        assert asked.specifier.contains(held[name], prereleases=True), f"{name} {held[name]} in {lock}: run `make lock`"


def test_every_locked_package_is_named_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        for line in re.split(r"\n(?=\S)", _text(ROOT / lock).strip()):
            assert line.startswith("#") or "--hash=sha256:" in line, line


def test_both_locks_agree() -> None:
    run, dev = (
        {row["name"]: row["version"] for row in LOCKED.finditer(_text(ROOT / lock))}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: version for name, version in dev.items() if name in run} == run


def test_a_new_user_meets_exactly_two_set_up_commands() -> None:
    readme = _text(ROOT / "README.md")
    set_up = readme.partition("## Set up")[2].partition("\n## ")[0]
    blocks = re.findall(r"```(?:\w*)\n(.*?)```", set_up, re.DOTALL)
    assert [line.split("#")[0].strip() for block in blocks for line in block.strip().splitlines()] == ["make demo", "make test"]
