"""Show the program in force, check a file, and put a file in force."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nextplay.home import Home
from nextplay.intelligence.cards import KNOWN
from nextplay.operations.installation import Installation
from nextplay.program.definition import Program
from nextplay.program.load import ProgramError, default_text, load_program
from nextplay.signals.check import check_program as unreadable_tests


@dataclass(frozen=True)
class ProgramShown:
    """The program in force: its file's text (the shipped one where there is none) and every value it comes to."""

    source: str
    text: str
    version: str
    values: dict[str, Any]


def show_program(installation: Installation) -> ProgramShown:
    """The program in force. Raises ProgramError for a file that cannot be used."""
    file, program = installation.home.program_file, installation.program
    own = file.exists()
    text = file.read_text(encoding="utf-8") if own else default_text()
    return ProgramShown(str(file) if own else "default", text, program.version, program.model_dump(mode="json"))


def check_program(path: Path) -> list[str]:
    """Every problem of a program file, a sentence each; none where it can be used."""
    try:
        program = load_program(path)
    except ProgramError as error:
        return str(error).splitlines()
    return problems_of(program)


def problems_of(program: Program) -> list[str]:
    """Tests of plays that cannot be read, and metrics that there are none of, a sentence each."""
    return [*unreadable_tests(program), *_unknown_metrics(program)]


def adopt_program(home: Home, path: Path) -> str:
    """Put a file in force and answer its version. Raises ProgramError with every problem; then nothing has changed."""
    problems = check_program(path)
    if problems:
        raise ProgramError("\n".join(problems))
    if path.resolve() != home.program_file.resolve():
        unfinished = home.program_file.with_suffix(".new")
        unfinished.write_bytes(path.read_bytes())
        unfinished.replace(home.program_file)
    return load_program(home.program_file).version


def _unknown_metrics(program: Program) -> list[str]:
    accepted = ", ".join(sorted(KNOWN))
    return [
        f"cards: no metric is called {card.metric!r}. Accepted: {accepted}."
        for card in program.cards
        if card.metric not in KNOWN
    ]
