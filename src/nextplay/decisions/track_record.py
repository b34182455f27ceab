"""What learning hands back to deciding: how each play has done in this program so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlayRecord:
    """Closed outcomes of one play."""

    cases: int = 0
    met: int = 0


@dataclass(frozen=True)
class TrackRecord:
    """Closed outcomes by play; a play without any has an empty record."""

    plays: Mapping[str, PlayRecord] = field(default_factory=dict)

    def of(self, play: str) -> PlayRecord:
        """The record of one play."""
        return self.plays.get(play, PlayRecord())
