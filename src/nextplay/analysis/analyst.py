"""Who reads partners: one interface and one kind of result, whether built in or backed by a language model."""

from typing import Protocol

from nextplay.analysis import four_c
from nextplay.analysis.reading import Reading
from nextplay.analysis.usual import Reader, Usual
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program
from nextplay.values.progress import Progress, silent


class Analyst(Protocol):
    """Reads every partner in scope. Points come from the rubric; an analyst only finds evidence."""

    name: str

    def read(self, reader: Reader, facts: ScopedFacts, usual: Usual, program: Program, progress: Progress = silent) -> Reading:
        """Read the partners in scope; what is usual is of the whole program."""
        ...


class BuiltInAnalyst:
    """Deterministic, offline: the rubric over structured facts."""

    name = "built-in"

    def read(self, reader: Reader, facts: ScopedFacts, usual: Usual, program: Program, progress: Progress = silent) -> Reading:
        """Read the partners in scope; what is usual is of the whole program."""
        gathered = four_c.gather(reader, facts, usual, program, progress)
        return Reading(four_c.score(four_c.read_criteria(gathered, usual, program), program), program, usual)
