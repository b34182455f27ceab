"""Watches the ledger's database itself: whatever changes a table of the ledger does so in one transaction with a journal line.

Unlike a look at the code, this also sees a write that reaches the tables in a way nobody thought of.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

_CHANGE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(ledger_\w+)"', re.IGNORECASE)
JOURNAL = "ledger_journal"
# How far a job is and who runs it: said many times a minute, worth nothing once it ends; its beginning and end have lines.
EXEMPT = re.compile(r'^UPDATE "ledger_job" SET "share"|^UPDATE "ledger_job" SET "verb"')


@dataclass
class Watch:
    """The tables changed at each depth of transactions, and what changed without a line."""

    open: list[set[str]] = field(default_factory=list)
    silent: list[set[str]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("SAVEPOINT"):
            self.open.append(set())
        elif sql.startswith("ROLLBACK TO"):
            self.open[-1:] = [set()]
        elif sql.startswith("RELEASE"):
            self._end(self.open.pop() if self.open else set())
        elif (found := _CHANGE.match(sql)) and not EXEMPT.match(sql):
            if self.open:
                self.open[-1].add(found[1])
            else:
                self._end({found[1]})
        return answer

    def _end(self, changed: set[str]) -> None:
        if self.open:
            self.open[-1] |= changed
        elif changed and JOURNAL not in changed:
            self.silent.append(changed)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch inside the block, which runs inside the test's own transaction."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch
