"""Whom an analysis must read: everybody asked for, or only those whose rows were touched since everybody was read.

A score rests on rows of its partner, on the day (windows end on it, and what is old wears off), on the rubric, on who reads,
and on what is usual in the program. Within one day, and while none of the others moved, only partners with touched rows can
read otherwise. So the first run of a day reads everybody, and those after it only whom an import touched.
"""

from dataclasses import dataclass
from datetime import date

from nextplay.analysis.store import Basis, everybody_read
from nextplay.analysis.text.labels import in_force
from nextplay.analysis.text.reader import version
from nextplay.analysis.text.second_opinion import second_opinion
from nextplay.analysis.usual import Usual, usual
from nextplay.facts.scope import Reach
from nextplay.facts.touched import all_told_since
from nextplay.facts.warehouse import Version
from nextplay.operations.installation import Installation
from nextplay.values.digests import text_digest


@dataclass(frozen=True)
class WhomToRead:
    """Whether only those `touched` need be read, of the facts at a version. `common` None: they did not move, so nobody."""

    version: Version
    basis: Basis
    touched: bool
    common: Usual | None


def whom_to_read(installation: Installation, day: date, analyst: str) -> WhomToRead:
    """What can read otherwise than before, of the facts as they are now."""
    warehouse, program = installation.warehouse, installation.program
    at, facts = warehouse.version(), installation.facts(day, Reach())
    labels = in_force(program.rubric.read_also)
    rests_on = (day.isoformat(), facts.scope.past, program.version, analyst, version(second_opinion()), labels)
    frame = str(text_digest(repr(rests_on)))
    before = everybody_read(warehouse)
    if before is not None and before[1].frame == frame and before[0] == at.facts:
        return WhomToRead(at, before[1], touched=True, common=None)
    common = usual(warehouse, facts, program)
    basis = Basis(frame, common.digest)
    touched = before is not None and before[1] == basis and all_told_since(warehouse, before[0], at)
    return WhomToRead(at, basis, touched, common)
