"""Every rule of the contract for one table: a test on a whole column, and what a person is told of a row that fails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from nextplay.facts.contract import Column, FactTable, Kind
from nextplay.facts.intake.convert import is_ambiguous
from nextplay.facts.intake.sheet import FAULT

# A time further ahead than this is a slip of the pen; a deal may be expected to close in ten years.
FUTURE_DAYS = 366
FUTURE_DAYS_EXPECTED = 3653
# Days up to this one are what databases and spreadsheets write where they know none.
NO_DAY_UNTIL = datetime(1900, 1, 1, 23, 59, 59)
LONG_TEXT = ("description", "notes", "text", "details")
LONGEST_TEXT, LONGEST = 2_000_000, 10_000
RAW = "\x1fraw "


@dataclass(frozen=True)
class Known:
    """What rows are held against: which partners exist, which currencies convert, what words mean, the moment (naive UTC)."""

    now: datetime
    partners: pl.Series
    currencies: frozenset[str]
    currency_hint: str
    words: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Rule:
    """`holds` is never null. `reason` is worked out for rows that fail only."""

    column: str
    holds: pl.Expr
    reason: pl.Expr


def rules_of(table: FactTable, present: list[Column], known: Known) -> list[Rule]:
    """The rules for the columns a file has, in the order in which they are told."""
    rules = [Rule("", pl.col(FAULT).is_null(), pl.col(FAULT))]
    for column in present:
        rules += _rules(column, known, key=column.name == table.key)
    return rules


def _rules(column: Column, known: Known, *, key: bool) -> list[Rule]:
    rules = []
    raw, value = pl.col(RAW + column.name), pl.col(column.name)
    if column.required:
        said = "is the row's key and cannot be empty." if key else "cannot be empty."
        rules.append(Rule(column.name, raw.is_not_null(), pl.lit(f"{column.name} {said} Fill it in.")))
    if column.kind is not Kind.TEXT or column.name in known.words:
        rules.append(Rule(column.name, raw.is_null() | value.is_not_null(), _unreadable(column, raw, known)))
    if column.at_least is not None:
        rules.append(_at_least(column, value))
    if column.kind is Kind.TIME:
        rules.append(_not_far_ahead(column, value, known.now))
        rules.append(_a_real_day(column, value))
    if column.kind in (Kind.TEXT, Kind.JSON):
        rules.append(_not_too_long(column, value))
    if column.refers_to == "partners":
        rules.append(_of_a_partner(column, value, known.partners))
    if column.name == "currency":
        rules.append(_convertible(column, value, known))
    return rules


def _unreadable(column: Column, raw: pl.Expr, known: Known) -> pl.Expr:
    if column.kind is Kind.TIME:
        ambiguous = "is two different days, by day first and by month first. Write it as 2025-12-31, or say which comes first."
        plain = "is not a time. Write it as 2025-12-31 or 2025-12-31T14:30:00+01:00."
        return pl.when(is_ambiguous(raw)).then(pl.lit(ambiguous)).otherwise(pl.lit(plain))
    if column.kind in (Kind.NUMBER, Kind.MONEY):
        comma = pl.lit("can be read as thousands or as decimals. Write it without the comma, with a point for decimals.")
        plain_number = pl.lit(
            "is not a number. Write digits with a point for decimals, such as 1234.50, and no sign of a currency."
        )
        large = pl.lit("is larger than can be kept. Write at most 14 digits before the point, or leave it empty.")
        a_number = raw.str.strip_chars().str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$")
        return pl.when(raw.str.contains(r"^[+-]?\d[\d.]*,\d+$")).then(comma).when(a_number).then(large).otherwise(plain_number)
    if column.kind is Kind.FLAG:
        return pl.lit("is neither yes nor no. Write true or false.")
    if column.kind is Kind.JSON:
        return pl.lit('is not a JSON object. Write it as {"name": "value"}, or leave it empty.')
    accepted = ", ".join(dict.fromkeys(known.words.get(column.name, {}).values()))
    return pl.lit(
        f"is no {column.name.replace('_', ' ')} that is known. Use one of: {accepted}; or say in the mapping what it means."
    )


def _at_least(column: Column, value: pl.Expr) -> Rule:
    return Rule(
        column.name,
        (value >= column.at_least).fill_null(value=True),
        pl.lit(f"is below {column.at_least:g}. {column.name} cannot be; correct it, or leave it empty if it is not known."),
    )


def _not_far_ahead(column: Column, value: pl.Expr, now: datetime) -> Rule:
    days = FUTURE_DAYS_EXPECTED if column.name == "expected_close_at" else FUTURE_DAYS
    limit = now + timedelta(days=days)
    said = f"lies far in the future, after {limit:%Y-%m-%d}. Correct the year."
    return Rule(column.name, (value <= limit).fill_null(value=True), pl.lit(said))


def _a_real_day(column: Column, value: pl.Expr) -> Rule:
    said = "is what stands for no day at all. Correct it, or leave it empty if it is not known."
    return Rule(column.name, (value > NO_DAY_UNTIL).fill_null(value=True), pl.lit(said))


def _not_too_long(column: Column, value: pl.Expr) -> Rule:
    limit = LONGEST_TEXT if column.name in LONG_TEXT else LONGEST
    said = f"is longer than {limit:,} bytes. Shorten it."
    return Rule(column.name, (value.str.len_bytes() <= limit).fill_null(value=True), pl.lit(said))


def _of_a_partner(column: Column, value: pl.Expr, partners: pl.Series) -> Rule:
    said = "is the partner_id of no partner. Import the partner first, or correct it."
    return Rule(column.name, value.is_null() | value.is_in(partners.implode()), pl.lit(said))


def _convertible(column: Column, value: pl.Expr, known: Known) -> Rule:
    said = f"is a currency without a rate. {known.currency_hint}"
    return Rule(column.name, value.is_null() | value.is_in(sorted(known.currencies)), pl.lit(said))
