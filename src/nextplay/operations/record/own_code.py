"""Which nextplay this is: a digest of the code that decides, so that an upgrade decides anew."""

from functools import cache
from pathlib import Path

import nextplay
from nextplay.values.source import source_digest

# What decides, and what hands the ledger's records to it; pages and commands decide nothing.
_ROOMS = (
    *("values", "program", "facts", "analysis", "signals", "traits", "decisions", "learning"),
    *("operations/record", "operations/deciding"),
)


@cache
def own_code() -> str:
    """Short digest of the source, worked out once a process: a release number stands still while somebody develops."""
    return digest_of(Path(nextplay.__file__).parent)


def digest_of(package: Path) -> str:
    """Of every file of Python in the rooms that decide, by its place and its content."""
    return source_digest(package, _ROOMS)
