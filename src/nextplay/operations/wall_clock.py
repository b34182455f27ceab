"""The clock on the wall, for threads that work while nobody asks: no caller can hand them the moment something ends."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """This very moment, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 read here and nowhere else in operations
