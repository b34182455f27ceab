"""The program file in force, changed by one at a time: the old one is kept, the new one appears whole or not at all."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from nextplay.home import Home
from nextplay.ledger import program_files as ledger
from nextplay.ledger.people import ChangedMeanwhile
from nextplay.program.load import ProgramError, default_program, default_text, load_program, read_program

SOURCE = "program.yaml"
# What a file that cannot be read counts as.
UNREADABLE = "unreadable"


def put_in_force(home: Home, text: str, *, based_on: str | None = None, actor: str, now: datetime, why: str = "") -> str:
    """Put a file in force, with a line, and answer its version; the file before it is kept in the ledger.

    `based_on`: the version its author saw in force. Raises ProgramError, and ChangedMeanwhile where it is another by now.
    """
    version, file = read_program(text, SOURCE).version, home.program_file
    with _alone(home):
        in_force = _in_force(file)
        if in_force == version:
            return version
        if based_on not in (None, in_force):
            raise ChangedMeanwhile("Somebody else put another program in force since you began. Look at it, then try again.")
        before = (in_force, file.read_text(encoding="utf-8")) if file.exists() else None
        with _draft(file, text) as draft:
            ledger.put_program(before, (version, text), lambda: _replace(draft, file), actor=actor, now=now, why=why)
    return version


def put_default_in_force(home: Home, *, actor: str, now: datetime, why: str) -> None:
    """Take the file away, with a line: the default program is in force again."""
    file = home.program_file
    with _alone(home):
        if file.exists():
            before = _in_force(file), file.read_text(encoding="utf-8")
            after = default_program().version, default_text()
            ledger.put_program(before, after, file.unlink, actor=actor, now=now, why=why)


def _in_force(file: Path) -> str:
    try:
        return load_program(file).version if file.exists() else default_program().version
    except ProgramError:
        return UNREADABLE


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One process at a time changes the program file."""
    lock = os.open(home.path / "program.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _draft(file: Path, text: str) -> Iterator[Path]:
    """The text beside the file, on the disk for good; gone where it was not put in its place."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=".program-", suffix=".new", delete=False) as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    try:
        yield Path(written.name)
    finally:
        Path(written.name).unlink(missing_ok=True)


def _replace(draft: Path, file: Path) -> None:
    draft.replace(file)
