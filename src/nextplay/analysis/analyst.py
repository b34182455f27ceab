"""Who reads partners: one interface and one kind of result, whether built in or backed by a language model."""

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from nextplay.analysis import four_c
from nextplay.analysis.four_c import Reader
from nextplay.facts.scope import ScopedFacts
from nextplay.program.definition import Program


@dataclass(frozen=True)
class Reading:
    """What an analyst found: frames as the derived tables hold them, without the run."""

    partners: int
    scores: pl.DataFrame
    criteria: pl.DataFrame
    strengths: pl.DataFrame


class UnknownCriterion(ValueError):
    """The program's rubric or strengths name what nextplay cannot read."""


class Analyst(Protocol):
    """Reads every partner in scope. Points come from the rubric; an analyst only finds evidence."""

    name: str

    def read(self, reader: Reader, facts: ScopedFacts, program: Program, partner_id: str | None = None) -> Reading:
        """Read the partners in scope, or one of them against all."""
        ...


class BuiltInAnalyst:
    """Deterministic, offline: the rubric over structured facts."""

    name = "built-in"

    def read(self, reader: Reader, facts: ScopedFacts, program: Program, partner_id: str | None = None) -> Reading:
        """Read the partners in scope; one partner is still shrunk towards the whole program. Raises UnknownCriterion."""
        problems = four_c.check_program(program)
        if problems:
            raise UnknownCriterion("\n".join(problems))
        gathered = four_c.gather(reader, facts, program)
        criteria = four_c.read_criteria(gathered, four_c.gather_rows(reader, facts), program)
        if partner_id is not None:
            criteria = criteria.filter(pl.col("partner_id") == partner_id)
        scores = four_c.score(criteria, gathered, program)
        read = gathered.height if partner_id is None else min(scores.height, 1)
        return Reading(read, scores, criteria, four_c.strengths(criteria, program))
