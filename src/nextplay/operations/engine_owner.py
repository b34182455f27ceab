"""Which process owns an embedded facts file: the one that holds a lock beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nextplay.home import Home


class EngineOwner:
    """Holds the lock from `take` until `give_back`, or until the process ends, however it ends."""

    def __init__(self, home: Home) -> None:
        self._path: Path = home.engine_lock
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock without waiting. False where another process holds it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file
        return True

    def give_back(self) -> None:
        """Let another process own the facts."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def owner_pid(home: Home) -> int | None:
    """Process that last took the lock; for messages only."""
    try:
        return int(home.engine_lock.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def owned(home: Home) -> Iterator[bool]:
    """Own the facts inside the block where nobody else does; says whether it is so."""
    owner = EngineOwner(home)
    held = owner.take()
    try:
        yield held
    finally:
        owner.give_back()
