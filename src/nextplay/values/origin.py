"""From where a change comes: which face it was made through, and the address behind it where one is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

# `link` is a page that opens by a signed link, without a sign-in; `job` is the worker.
Face = Literal["", "web", "link", "cli", "job", "api", "mcp"]


@dataclass(frozen=True)
class Origin:
    """A face, and the network address of whoever used it; both empty where nobody said."""

    face: Face = ""
    address: str = ""


_NOT_SAID = Origin()
_IN_FORCE: ContextVar[Origin] = ContextVar("origin", default=_NOT_SAID)


def origin() -> Origin:
    """Where what is done now comes from."""
    return _IN_FORCE.get()


def come_from(face: Face, address: str = "") -> None:
    """Say it for the rest of this thread's work, or of the `coming_from` block it is said in."""
    _IN_FORCE.set(Origin(face, address))


@contextmanager
def coming_from(face: Face, address: str = "") -> Iterator[None]:
    """Say it for what is done inside the block."""
    before = _IN_FORCE.set(Origin(face, address))
    try:
        yield
    finally:
        _IN_FORCE.reset(before)
