"""How long work tells whoever waits for it how far it is."""

from collections.abc import Callable

# Share done from 0 to 1, and what is being done, in words for a person.
Progress = Callable[[float, str], None]


def silent(_share: float, _doing: str) -> None:
    """Tell nobody."""
