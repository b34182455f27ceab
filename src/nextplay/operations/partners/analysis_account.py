"""What an analysis says of itself: what was read, what was not and why, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.criteria import MEASURES
from nextplay.analysis.four_c import tables_read
from nextplay.analysis.reading import Reading
from nextplay.analysis.usual import Reader
from nextplay.facts.scope import ScopedFacts
from nextplay.program.rubric import DIMENSIONS


@dataclass(frozen=True)
class NotRead:
    """A criterion that has no evidence for so many of the partners read."""

    criterion: str
    label: str
    partners: int
    why: str


@dataclass(frozen=True)
class Account:
    """The numbers of a run. Partners `unchanged` read as before: nothing new was kept of them."""

    partners_read: int
    # Never read before.
    new: int
    # With rows of their own that came, went, or grew too old.
    own_evidence: int
    # With the same counts as before, scored otherwise: rows grew older, or the program, or what is usual in it, changed.
    program_moved: int
    unchanged: int
    # Scores by dimension: how many are known, and how many stay unknown for want of evidence.
    known: dict[str, int]
    unknown: dict[str, int]
    # Rows of the partners read, by table; a table without rows lowers coverage.
    rows_read: dict[str, int]
    not_read: tuple[NotRead, ...]
    # Asked for, and not read: no row of theirs was touched since everybody was read on the same day, by the same rubric.
    untouched: int = 0

    @classmethod
    def of_nobody(cls, untouched: int) -> "Account":
        """Of a run that had nothing new to read."""
        none = dict.fromkeys(DIMENSIONS, 0)
        return cls(0, 0, 0, 0, 0, known=none, unknown=none, rows_read={}, not_read=(), untouched=untouched)

    @property
    def changed(self) -> int:
        """Partners of whom something was kept."""
        return self.new + self.own_evidence + self.program_moved

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        empty = [name for name, rows in self.rows_read.items() if not rows]
        return asdict(self) | {
            "changed": self.changed,
            "empty_tables": empty,
            "not_read": [asdict(one) for one in self.not_read],
        }


def account_of(
    reader: Reader,
    facts: ScopedFacts,
    reading: Reading,
    found: pl.DataFrame,
    *,
    asked_for: int,
    fitting: ir.Table | None = None,
) -> Account:
    """From a reading, and its digests beside those of the run before and the `program` of that (null where there is none).

    `asked_for`: how many partners were; `fitting`: those read, where that is not everybody in scope.
    """
    first = pl.col("digest_before").is_null()
    same = pl.col("digest") == pl.col("digest_before")
    # Under another rubric other rows are counted: that is no evidence of the partner's.
    same_rows = (pl.col("own") == pl.col("own_before")) | (pl.col("program") != reading.program.version)
    counts = found.select(
        new=first.sum(),
        own_evidence=(~first & ~same & ~same_rows).sum(),
        program_moved=(~first & ~same & same_rows).sum(),
        unchanged=(~first & same).sum(),
    ).row(0, named=True)
    scores = {name: reading.frame[f"{name}.score"] for name in DIMENSIONS}
    return Account(
        partners_read=reading.partners,
        **counts,
        known={name: column.count() for name, column in scores.items()},
        unknown={name: column.null_count() for name, column in scores.items()},
        rows_read=_rows_read(reader, tables_read(facts, fitting)),
        not_read=tuple(_not_read(reading)),
        untouched=asked_for - reading.partners,
    )


def _rows_read(reader: Reader, tables: Mapping[str, ir.Table]) -> dict[str, int]:
    return {name: int(reader.read(table.count().as_table()).item()) for name, table in tables.items()}


def _not_read(reading: Reading) -> list[NotRead]:
    lacking = []
    for dimension, criterion in reading.program.rubric.named:
        missing = reading.frame[f"{dimension}.{criterion.name}.points"].null_count()
        if missing and not criterion.optional:
            why = MEASURES[criterion.name](reading.usual).lacking
            lacking.append(NotRead(criterion.name, criterion.label, missing, why))
    return sorted(lacking, key=lambda one: (-one.partners, one.label))
