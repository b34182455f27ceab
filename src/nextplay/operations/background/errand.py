"""A verb to run with plain arguments, wherever it is run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nextplay.operations.installation import Installation
from nextplay.values.period import reachable, utc_day
from nextplay.values.progress import Progress, silent


@dataclass(frozen=True)
class Errand:
    """What was asked, by whom and when; the answer of a verb is a JSON object."""

    installation: Installation
    arguments: Mapping[str, Any]
    actor: str
    now: datetime
    progress: Progress = field(default=silent)

    def day(self, name: str = "as_of") -> date | None:
        """A day among the arguments, where it was named. Raises DayOutOfReach."""
        written = self.arguments.get(name)
        return reachable(date.fromisoformat(written), utc_day(self.now)) if written else None

    def moment(self, name: str) -> datetime | None:
        """A time among the arguments, where it was named. Raises DayOutOfReach."""
        written = self.arguments.get(name)
        if not written:
            return None
        read = datetime.fromisoformat(written)
        reachable(read.date(), utc_day(self.now))
        return read
