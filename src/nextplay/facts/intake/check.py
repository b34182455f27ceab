"""One batch of a file: the good rows as they will be stored, and the rejected ones with column, value and reason."""

import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import dataframely as dy
import polars as pl

from nextplay.facts.contract import ACTIVITY_KINDS, Column, FactTable, Kind
from nextplay.facts.intake.columns import OBSERVED, REJECTED_COLUMNS, ColumnMapping, normal_name
from nextplay.facts.intake.convert import as_text, convert, known_words
from nextplay.facts.intake.rules import RAW, Known, Rule, rules_of
from nextplay.facts.intake.sheet import FAULT, LINE

# The line a good row came from, until it is merged.
SOURCE_LINE = "source_line"
COLUMN, VALUE, REASON = "rejected_column", "rejected_value", "rejected_reason"
_KINDS = {kind: kind for kind in ACTIVITY_KINDS}
# How a cell that a spreadsheet would run is written in rejected rows; taken back when they come in again.
_NEUTRALISED = r"^'([=+\-@\t\r])"


@dataclass(frozen=True)
class Checked:
    """`good` has typed columns of the contract and `SOURCE_LINE`; `rejected` the file's own, `LINE`, and what is wrong."""

    good: pl.DataFrame
    rejected: pl.DataFrame

    @property
    def height(self) -> int:
        """Rows read."""
        return self.good.height + self.rejected.height


class Checker:
    """The rules of one table for one file. dataframely tells good rows from bad in one pass over all rules."""

    def __init__(self, table: FactTable, header: list[str], mapping: ColumnMapping, known: Known) -> None:
        """Work out rules for the columns that the mapping finds in the header."""
        self.mapping, self.known = mapping, known
        self.source = {means: name for name, means in mapping.columns.items() if means is not None and name in header}
        self.present = [column for column in (*table.columns, Column(OBSERVED, Kind.TIME)) if column.name in self.source]
        self.header = [name for name in header if name not in REJECTED_COLUMNS]
        self._handed_back = REASON in header
        self._rules = {f"rule {place}": rule for place, rule in enumerate(rules_of(table, self.present, known))}
        self._schema = _schema(table.name, self.present, self._rules)

    def check(self, batch: pl.DataFrame) -> Checked:
        """Split a batch."""
        typed = self._typed(batch)
        result, failure = self._schema.filter(typed)
        good = result.select(pl.col(LINE).alias(SOURCE_LINE), *(column.name for column in self.present))
        if good.height == batch.height:
            return Checked(good, self.rejected(batch.clear(), "", pl.lit("")))
        return Checked(good, self._explained(failure.details(), batch))

    def rejected(self, rows: pl.DataFrame, column: str, reason: pl.Expr) -> pl.DataFrame:
        """Rows of the file that fail for one reason found later, in the shape of `Checked.rejected`."""
        text = as_text(rows[self.source[column]]) if column in self.source else pl.Series([None] * rows.height, dtype=pl.String)
        value = pl.lit(text)
        texts = [as_text(rows[name]).alias(name) for name in self.header]
        return rows.select(
            pl.col(LINE),
            pl.lit(self.source.get(column), dtype=pl.String).alias(COLUMN),
            value.alias(VALUE),
            _sentence(value, reason.cast(pl.String)).alias(REASON),
            *texts,
        )

    def _typed(self, batch: pl.DataFrame) -> pl.DataFrame:
        # Polars lets go of the interpreter while it works, so columns are converted side by side.
        with ThreadPoolExecutor() as pool:
            pairs = pool.map(lambda column: self._column(column, batch), self.present)
        return pl.DataFrame([batch[LINE], batch[FAULT], *(values for pair in pairs for values in pair)])

    def _column(self, column: Column, batch: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        values = batch[self.source[column.name]]
        text = as_text(values)
        if self._handed_back and text.dtype == pl.String:
            values = text = text.str.replace(_NEUTRALISED, "$1")
        return text.alias(RAW + column.name), self._convert(column, values, text).alias(column.name)

    def _convert(self, column: Column, values: pl.Series, text: pl.Series) -> pl.Series:
        words = self.mapping.values.get(column.name, {})
        plain = {normal_name(word): meant for word, meant in words.items()}
        if column.name in self.known.words:
            return known_words(text, self.known.words[column.name] | plain, keep_others=False)
        if column.name == "kind":
            return known_words(text, _KINDS | plain, keep_others=True)
        if column.name == "currency":
            return text.str.to_uppercase()
        if plain and column.kind is Kind.TEXT:
            return known_words(text, plain, keep_others=True)
        return convert(values, text, column.kind, self.mapping.dates.get(column.name))

    def _explained(self, details: pl.DataFrame, batch: pl.DataFrame) -> pl.DataFrame:
        first = pl.coalesce(pl.when(pl.col(name) == "invalid").then(pl.lit(place)) for place, name in enumerate(self._rules))
        failed = details.with_columns(first.alias("failed"))
        rules = list(self._rules.values())
        reason = pl.coalesce(pl.when(pl.col("failed") == place).then(rule.reason) for place, rule in enumerate(rules))
        value = pl.coalesce(
            pl.when(pl.col("failed") == place).then(pl.col(RAW + rule.column))
            for place, rule in enumerate(rules)
            if rule.column
        )
        names = {place: self.source.get(rule.column) for place, rule in enumerate(rules)}
        column = pl.col("failed").replace_strict(names, return_dtype=pl.String)
        said = failed.select(LINE, column.alias(COLUMN), value.alias(VALUE), reason.alias(REASON))
        said = said.with_columns(_sentence(pl.col(VALUE), pl.col(REASON)).alias(REASON))
        rows = batch.select(pl.col(LINE), *(as_text(batch[name]).alias(name) for name in self.header))
        return said.join(rows, on=LINE, how="left", maintain_order="left")


def _sentence(value: pl.Expr, reason: pl.Expr) -> pl.Expr:
    """A reason that begins with a verb is about the value."""
    about = reason.str.contains("^(is|lies|can) ")
    shown = pl.when(value.str.len_chars() > 60).then(value.str.slice(0, 57) + "…").otherwise(value)
    return pl.when(about).then("“" + shown + "” " + reason).otherwise(reason)


def _schema(name: str, present: list[Column], rules: dict[str, Rule]) -> type[dy.Schema]:
    """A dataframely schema made from the contract, with one rule of ours a rule."""
    body: dict[str, object] = {"line": dy.Int64(nullable=False, alias=LINE), "fault": dy.String(nullable=True, alias=FAULT)}
    for place, column in enumerate(present):
        body[f"raw_{place}"] = dy.String(nullable=True, alias=RAW + column.name)
        body[column.name] = _COLUMN_OF[column.kind]()
    for key, rule in rules.items():
        body[key] = _rule(rule.holds)
    return cast(
        "type[dy.Schema]", types.new_class(f"Incoming_{name}", (dy.Schema,), exec_body=lambda space: space.update(body))
    )


def _rule(holds: pl.Expr) -> object:
    def test(_cls: type[dy.Schema]) -> pl.Expr:
        return holds

    return dy.rule()(test)


_COLUMN_OF: dict[Kind, Callable[[], Any]] = {
    Kind.TEXT: lambda: dy.String(nullable=True),
    Kind.LIST: lambda: dy.List(dy.String(nullable=True), nullable=True),
    Kind.NUMBER: lambda: dy.Float64(nullable=True),
    Kind.MONEY: lambda: dy.Decimal(18, 4, nullable=True),
    Kind.TIME: lambda: dy.Datetime(nullable=True, time_unit="us"),
    Kind.FLAG: lambda: dy.Bool(nullable=True),
    Kind.JSON: lambda: dy.String(nullable=True),
}
