"""Objects that hold each other in a ring and that nobody else holds: Python looks for them among all others."""

import gc

# New objects between two looks. After Python's own 700 a command of four seconds spends a sixth of them on looking: writing
# queries and decisions makes millions of objects that stay, and hardly a ring.
BETWEEN_LOOKS = 100_000


def look_seldom() -> None:
    """For a process of ours, from its start: what nobody holds goes at once all the same, only rings wait longer."""
    gc.set_threshold(BETWEEN_LOOKS)
