"""From what a file holds to what a column of the contract holds, a whole column at a time; null where it cannot be read."""

from collections.abc import Callable
from datetime import datetime

import polars as pl

from nextplay.facts.contract import Kind
from nextplay.facts.intake.columns import DateOrder, normal_name

MONEY = pl.Decimal(18, 4)
POLARS_TYPE: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.LIST: pl.List(pl.String()),
    Kind.NUMBER: pl.Float64(),
    Kind.MONEY: MONEY,
    Kind.TIME: pl.Datetime("us"),
    Kind.FLAG: pl.Boolean(),
    Kind.JSON: pl.String(),
}
# Commas between groups of three, unmistakable: a decimal point follows, or there are two of them. A lone 1,234 is not.
_GROUPED = r"^[+-]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})$"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_SLASHED = r"^(?<a>\d{1,2})(?<mark>[/.-])(?<b>\d{1,2})[/.-](?<year>\d{4})(?:[ T](?<time>.+))?$"
_YEAR_FIRST = r"^(?<year>\d{4})[/.](?<b>\d{1,2})[/.](?<a>\d{1,2})(?:[ T](?<time>.+))?$"
_TRUE, _FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
# The usual shapes, each read whole; anything else goes through the slower readers.
_ISO = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%SZ")
_FIRST_YEAR = datetime(1, 1, 1)


def as_text(values: pl.Series) -> pl.Series:
    """What a person would see in the cell, without blanks around it; null where it is empty. Lists are joined by `;`."""
    kind = values.dtype
    if kind == pl.String:
        stripped = values.str.strip_chars()
        return stripped.set(stripped == "", None) if (stripped == "").any() else stripped
    if isinstance(kind, pl.List):
        return as_text(values.cast(pl.List(pl.String), strict=False).list.join(";"))
    if isinstance(kind, pl.Struct):
        return values.struct.json_encode()
    return values.cast(pl.String, strict=False)


def convert(values: pl.Series, text: pl.Series, kind: Kind, order: DateOrder | None = None) -> pl.Series:
    """Typed values of a column. `text` is `as_text(values)`; typed files keep the exactness of their own values."""
    if kind is Kind.TIME:
        return _typed_time(values) if values.dtype.is_temporal() else read_times(text, order)
    if kind in (Kind.MONEY, Kind.NUMBER):
        number = values if values.dtype.is_numeric() else None
        return _money(number, text) if kind is Kind.MONEY else _number(number, text)
    if kind is Kind.LIST:
        return _list(values, text)
    return _READERS[kind](text)


def read_times(text: pl.Series, order: DateOrder | None = None) -> pl.Series:
    """ISO 8601 times, UTC where no offset stands, and dates; dates by day or month where it is clear which comes first."""
    found = pl.Series(text.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    rest = text.is_not_null()
    for reader in (_usual, _iso_date, _iso_time, _iso_offset, _iso_minutes, lambda values: _by_parts(values, order)):
        if not rest.any():
            break
        places = rest.arg_true()
        read = reader(text.gather(places)) if len(places) < len(text) else reader(text)
        found = read if len(places) == len(text) else found.scatter(places, read)
        rest = found.is_null() & text.is_not_null()
    ancient = (found < _FIRST_YEAR).fill_null(value=False)
    return found.set(ancient, None) if ancient.any() else found


def _usual(text: pl.Series) -> pl.Series:
    """By the one format that reads the column's first value."""
    first = text.drop_nulls().head(1)
    for form in _ISO:
        if first.str.to_datetime(form, strict=False, time_unit="us").null_count() == 0:
            return text.str.to_datetime(form, strict=False, time_unit="us", cache=False)
    return pl.Series(text.name, [None] * len(text), dtype=pl.Datetime("us"))


def _iso_time(text: pl.Series) -> pl.Series:
    plain = text.str.strip_suffix("Z").str.replace(" ", "T", literal=True)
    return plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)


def _iso_date(text: pl.Series) -> pl.Series:
    return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))


def _iso_offset(text: pl.Series) -> pl.Series:
    plain = text.str.replace(r" ?UTC$", "+00:00").str.replace(" ", "T", literal=True).str.replace_all(" ", "", literal=True)
    read = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us", strict=False)
    return _typed_time(read)


def _iso_minutes(text: pl.Series) -> pl.Series:
    plain = text.str.strip_suffix("Z").str.replace(" ", "T", literal=True)
    read = plain.str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us", strict=False)
    offset = _typed_time(plain.str.to_datetime("%Y-%m-%dT%H:%M%#z", time_unit="us", strict=False))
    return read.zip_with(read.is_not_null(), offset)


def _by_parts(text: pl.Series, order: DateOrder | None) -> pl.Series:
    """Dates such as 31/01/2025 and 2025/01/31, put into ISO order and read again."""
    parts = text.str.extract_groups(_SLASHED).struct.unnest()
    first, second = parts["a"].cast(pl.Int64), parts["b"].cast(pl.Int64)
    day_first = (parts["mark"] == ".") | (first > 12) | (first == second)
    month_first = (second > 12) & (parts["mark"] != ".")
    if order is not None:
        day_first = pl.repeat(order == "day_first", len(text), dtype=pl.Boolean, eager=True)
        month_first = ~day_first
    years = text.str.extract_groups(_YEAR_FIRST).struct.unnest()
    frame = pl.DataFrame({"first": parts["a"], "second": parts["b"], "day": day_first, "month": month_first})
    iso = frame.select(
        pl.when("month")
        .then(_joined(parts["year"], parts["a"], parts["b"], parts["time"]))
        .when("day")
        .then(_joined(parts["year"], parts["b"], parts["a"], parts["time"]))
        .otherwise(_joined(years["year"], years["b"], years["a"], years["time"]))
    ).to_series()
    read = _iso_time(iso)
    minutes = _iso_minutes(iso)
    return read.zip_with(read.is_not_null(), minutes).alias(text.name)


def _joined(year: pl.Series, month: pl.Series, day: pl.Series, time: pl.Series) -> pl.Series:
    clock = time.fill_null("00:00:00").str.pad_start(5, "0")
    return year + "-" + month.str.pad_start(2, "0") + "-" + day.str.pad_start(2, "0") + "T" + clock


def clear_order(text: pl.Series) -> DateOrder | None:
    """Which comes first in dates such as 03/04/2025, where some of the column read only one way and none only the other."""
    parts = text.drop_nulls().str.extract_groups(_SLASHED).struct.unnest().filter(pl.col("mark") == "/")
    days = int((parts["a"].cast(pl.Int64) > 12).sum())
    months = int((parts["b"].cast(pl.Int64) > 12).sum())
    if bool(days) == bool(months):
        return None
    return "day_first" if days else "month_first"


def is_ambiguous(text: pl.Expr) -> pl.Expr:
    """Whether a time reads as one date by day first and as another by month first."""
    return text.str.contains(r"^\d{1,2}[/-]\d{1,2}[/-]\d{4}")


def _typed_time(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None:
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return values.cast(pl.Datetime("us"), strict=False)


def _money(number: pl.Series | None, text: pl.Series) -> pl.Series:
    if number is not None:
        finite = number.set(~number.is_finite(), None).round(4) if number.dtype.is_float() else number
        return finite.cast(MONEY, strict=False)
    return _by_text(text, lambda values: values.cast(MONEY, strict=False))


def _number(number: pl.Series | None, text: pl.Series) -> pl.Series:
    if number is not None:
        read = number.cast(pl.Float64, strict=False)
    else:
        read = _by_text(text, lambda values: values.set(~values.str.contains(_NUMBER), None).cast(pl.Float64, strict=False))
    return read.set(~read.is_finite(), None)


def _by_text(text: pl.Series, cast: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Cast; those it cannot read once more without the commas between groups of three."""
    read = cast(text)
    missed = read.is_null() & text.is_not_null()
    if not missed.any():
        return read
    places = missed.arg_true()
    rest = text.gather(places)
    grouped = rest.set(~rest.str.contains(_GROUPED), None).str.replace_all(",", "", literal=True)
    return read.scatter(places, cast(grouped))


def _list(values: pl.Series, text: pl.Series) -> pl.Series:
    parts = values.cast(pl.List(pl.String), strict=False) if isinstance(values.dtype, pl.List) else text.str.split(";")
    cleaned = parts.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
    return cleaned.cast(pl.List(pl.String))


def _json(text: pl.Series) -> pl.Series:
    if text.null_count() == len(text):
        return text
    whole = text.str.json_path_match("$")
    return text.set((whole.is_null() | ~text.str.starts_with("{")) & text.is_not_null(), None)


def _flag(text: pl.Series) -> pl.Series:
    words = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    return text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


def known_words(text: pl.Series, words: dict[str, str], *, keep_others: bool) -> pl.Series:
    """Each value in the word we accept for it; others stay as they are, or become null."""
    distinct = text.drop_nulls().unique()
    meaning = {value: words.get(normal_name(value), value if keep_others else None) for value in distinct}
    if all(value == meant for value, meant in meaning.items()):
        return text
    return text.replace_strict(list(meaning), list(meaning.values()), default=None, return_dtype=pl.String)


_READERS: dict[Kind, Callable[[pl.Series], pl.Series]] = {
    Kind.TEXT: lambda text: text,
    Kind.JSON: _json,
    Kind.FLAG: _flag,
}
