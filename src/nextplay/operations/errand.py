"""A verb to run with plain arguments, wherever it is run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nextplay.operations.installation import Installation
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
        """A day among the arguments, where it was named."""
        written = self.arguments.get(name)
        return date.fromisoformat(written) if written else None
