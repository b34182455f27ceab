"""Which tiles and cards of a view a person sees."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """A tile or card and whether it is shown."""

    key: str
    label: str
    shown: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices of one kind."""

    label: str
    choices: tuple[Choice, ...]

    @property
    def shown(self) -> int:
        """How many are shown."""
        return sum(choice.shown for choice in self.choices)


def choices_of(
    tiles: Iterable[tuple[str, str]], cards: Iterable[tuple[str, str]], hidden: frozenset[str]
) -> tuple[ChoiceGroup, ...]:
    """The switches of a view: key and label of every tile and card, shown unless hidden."""
    groups = (("Tiles", tiles), ("Metric cards", cards))
    made = (ChoiceGroup(label, tuple(Choice(key, name, key not in hidden) for key, name in parts)) for label, parts in groups)
    return tuple(group for group in made if group.choices)
