"""What is written down is what the code does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.reference import commands, pages
from tests.architecture.tree import ROOT, SOURCE

DOCS = ROOT / "docs"


def _all_docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))])


@pytest.mark.parametrize("page", ["cli.md", "facts.md", "program.md", "signals.md"])
def test_a_reference_page_says_what_the_code_says(page: str) -> None:
    path = DOCS / "reference" / page
    assert path.read_text(encoding="utf-8") == pages()[path], "run `make docs`"


def test_every_command_shows_an_example_of_itself() -> None:
    for name, command in commands():
        example = getattr(command, "example", "")
        assert all(line.startswith(name) for line in example.splitlines()), name
        assert example, name


def test_the_docs_name_no_command_that_does_not_exist() -> None:
    names = {name for name, _ in commands()} | {"nextplay"}
    verbs = {name.split()[1] for name in names if " " in name}
    for said in re.findall(r"^(?:\.venv/bin/)?nextplay ([a-z-]+)", _all_docs(), re.MULTILINE):
        assert said in verbs, said


def test_every_setting_of_the_environment_is_documented() -> None:
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    used = {
        found
        for path in SOURCE.rglob("*.py")
        for found in re.findall(r"\bNEXTPLAY_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert used
    assert not [name for name in sorted(used) if f"`{name}`" not in text]


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert not [str(path) for path in DOCS.rglob("*.md") if str(path.relative_to(DOCS)) not in navigation]


def test_the_docs_build_without_a_warning(tmp_path: Path) -> None:
    mkdocs = Path(sys.executable).parent / "mkdocs"
    built = subprocess.run(
        [mkdocs, "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
