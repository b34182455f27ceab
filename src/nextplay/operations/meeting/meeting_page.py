"""What the decision meeting shows, without HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nextplay.ledger.records import MeetingRecord
from nextplay.operations.deciding.focus_page import FocusRow, OwnerHours


@dataclass(frozen=True)
class Owed:
    """What somebody said would be done by a day that has come, and what became of it."""

    partner_id: str
    partner_name: str
    who: str
    what: str
    due: date
    # done, missed, late, met, open: what it says now, in a word, and in a sentence from the facts.
    state: str
    said: str


@dataclass(frozen=True)
class PlayChoice:
    """A play that can be chosen instead, with the outcome that counts for it."""

    name: str
    label: str
    verdict: str
    outcome: str
    step: str
    hours: float


@dataclass(frozen=True)
class Words:
    """What a partner's own people wrote, word for word."""

    text: str
    cite: str
    on: date | None
    speaks: str


@dataclass(frozen=True)
class MeetingPage:
    """One decision meeting as a viewer sees it: what was owed, the agenda in order, and the decision in hand."""

    month: str
    # None: nobody has started it.
    meeting: MeetingRecord | None
    owed: tuple[Owed, ...]
    # Waiting ones first by gain, then those put off; those decided in this meeting stand where they stood.
    agenda: tuple[FocusRow, ...]
    # Ids of what was decided since the meeting began.
    decided: frozenset[str]
    current: FocusRow | None
    owners: tuple[OwnerHours, ...] = ()
    plays: tuple[PlayChoice, ...] = ()
    words: tuple[Words, ...] = ()
    # Plays that a lot keeps from the partner in hand, each with the last day of that.
    held_back: Mapping[str, date] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    # The last decision of this meeting that can be taken back, with its revision.
    undo: tuple[str, int] | None = None

    @property
    def number(self) -> int:
        """Place of the decision in hand, from 1; 0: none is left."""
        ids = [row.decision_id for row in self.agenda]
        return ids.index(self.current.decision_id) + 1 if self.current else 0

    @property
    def waiting(self) -> tuple[FocusRow, ...]:
        """What nobody decided on yet."""
        return tuple(row for row in self.agenda if row.status == "proposed")


@dataclass(frozen=True)
class SignedPage:
    """A meeting as it was signed."""

    meeting: MeetingRecord
    summary: Mapping[str, Any]
