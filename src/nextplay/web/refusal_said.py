"""What a form says of a refusal, and what is said after one: the same on the list and in the meeting."""

from collections.abc import Mapping

from nextplay.operations.deciding.next_in_line import Passed
from nextplay.operations.plays.show_play import names_of
from nextplay.web.here import installation

# The reason after which the hours are proposed to nobody else.
NO_TIME = "Nobody has time"
REASONS = (
    ("We know something the data does not", "Say it in one line below"),
    ("Wrong month for the partner", "Snooze it instead to see it again on a day you choose"),
    (NO_TIME, "The hours go to nobody else this month"),
    ("Not a fit any more", "This play waits until its pause is over; another one may come up"),
    ("The proposed action is wrong", "Say below what would be right"),
)


def reason_in(said: Mapping[str, str]) -> str:
    """The reason that was chosen, and what was written beside it."""
    return ". ".join(part for part in (said.get("reason", ""), said.get("note", "").strip()) if part)


def hours_go_on(said: Mapping[str, str]) -> bool:
    """Whether the hours may be proposed to somebody else."""
    return said.get("reason", "") != NO_TIME


def next_said(passed: Passed, otherwise: str = "") -> str:
    """Who is next in line, as a sentence after another one; `otherwise` where nobody is."""
    names = names_of(installation(), passed.next_in_line)
    up = " and ".join(names.get(one, one) for one in passed.next_in_line)
    return f" Next in line: {up}." if up else otherwise
