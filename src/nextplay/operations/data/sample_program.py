"""The sample's program file: put in force with the sample, and what was there before it put back when the sample goes."""

from datetime import datetime

from nextplay.facts.sample.program import sample_program_text
from nextplay.home import Home
from nextplay.operations.program_file import put_default_in_force, put_in_force

# What a program file is called that gave way to the sample's.
BEFORE_SAMPLE = ".before-sample.yaml"


def put_sample_program(home: Home, *, actor: str, now: datetime) -> None:
    """Put the sample's file in force; one that was there is kept beside it, and in the ledger."""
    file = home.program_file
    if file.exists() and file.read_text(encoding="utf-8") != sample_program_text():
        file.with_suffix(BEFORE_SAMPLE).write_bytes(file.read_bytes())
    put_in_force(home, sample_program_text(), actor=actor, now=now, why="The sample data came with it.")


def put_back_program(home: Home, *, actor: str, now: datetime) -> None:
    """The program of before the sample; the default where there was none. A file that was changed since stays."""
    file, before = home.program_file, home.program_file.with_suffix(BEFORE_SAMPLE)
    if not file.exists() or file.read_text(encoding="utf-8") != sample_program_text():
        return
    why = "The sample data was removed."
    if before.exists():
        put_in_force(home, before.read_text(encoding="utf-8"), actor=actor, now=now, why=why)
        before.unlink()
    else:
        put_default_in_force(home, actor=actor, now=now, why=why)
