"""What the rows of an import are held against: the program's words, its currencies, and the partners there are."""

from collections import Counter
from datetime import datetime

import polars as pl

from nextplay.facts.contract import Column, FactTable
from nextplay.facts.engines import Transaction
from nextplay.facts.intake.columns import normal_name
from nextplay.facts.intake.reading import Reading
from nextplay.facts.intake.rules import Known
from nextplay.facts.intake.synonyms import WORDS
from nextplay.program.definition import Program

_MONEY_TABLES = ("deals", "revenue")


def known_for(table: FactTable, program: Program, partners: pl.Series, reporting: str | None, now: datetime) -> Known:
    """Everything one table's rows are held against. `now` is naive UTC."""
    currencies = program.known_currencies | ({reporting} if reporting else frozenset())
    hint = (
        f"Name what one unit is worth in {reporting or 'the reporting currency'} under `rates` in the program, or correct it."
    )
    return Known(now, partners, currencies, hint, words_for(table, program))


def words_for(table: FactTable, program: Program) -> dict[str, dict[str, str]]:
    """For each column with accepted values: every word we understand, and what it means."""
    words = {column.name: _words(column) for column in table.columns if column.accepted}
    if table.name == "partners":
        words["lifecycle_stage"] = _lifecycle(program)
    return words


def _words(column: Column) -> dict[str, str]:
    own = {normal_name(value): value for value in column.accepted}
    others = {word: means for word, means in WORDS.get(column.name, {}).items() if means in column.accepted}
    return own | {word: means for word, means in others.items() if word not in own}


def _lifecycle(program: Program) -> dict[str, str]:
    words: dict[str, str] = {}
    for stage in program.lifecycle_stages:
        for word in (stage.name, stage.label, *stage.aliases):
            words.setdefault(normal_name(word), stage.name)
    return words


def reporting_currency(program: Program, transaction: Transaction | None, readings: list[Reading]) -> str | None:
    """The program's currency; else the one most stored rows use; else the one most rows of this import use; else None."""
    if program.currency:
        return program.currency
    counts: Counter[str] = Counter()
    if transaction is not None:
        for name in _MONEY_TABLES:
            counts.update(
                dict(transaction.execute(f"SELECT currency, count(*) FROM {name} WHERE currency IS NOT NULL GROUP BY 1"))
            )
    if not counts:
        for reading in readings:
            column = reading.column_of("currency")
            if column is not None and reading.table.name in _MONEY_TABLES:
                counts.update(_codes(reading.sheet.counts(column)))
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


def _codes(counts: dict[str, int]) -> Counter[str]:
    codes: Counter[str] = Counter()
    for value, rows in counts.items():
        if len(value) == 3 and value.isalpha():
            codes[value.upper()] += rows
    return codes


def stored_partners(transaction: Transaction) -> pl.Series:
    """Every partner_id there is, as this import sees them."""
    return transaction.read_sql("SELECT partner_id FROM partners").to_series()
