"""Values as files write them, and what becomes of them."""

from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.facts.contract import Kind
from nextplay.facts.intake.convert import as_text, clear_order, convert, read_times


def _times(*values: str | None, **more: object) -> list[datetime | None]:
    return read_times(pl.Series("t", values, dtype=pl.String), **more).to_list()  # type: ignore[arg-type]


def _of(kind: Kind, *values: object) -> list[object]:
    series = pl.Series("x", values)
    return convert(series, as_text(series), kind).to_list()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-01", datetime(2026, 3, 1)),
        ("2026-03-01T10:20:30", datetime(2026, 3, 1, 10, 20, 30)),
        ("2026-03-01 10:20:30", datetime(2026, 3, 1, 10, 20, 30)),
        ("2026-03-01 10:20", datetime(2026, 3, 1, 10, 20)),
        ("2026-03-01T10:20:30.5", datetime(2026, 3, 1, 10, 20, 30, 500_000)),
        ("2026-03-01T10:20:30Z", datetime(2026, 3, 1, 10, 20, 30)),
        ("2026-03-01 10:20:30 UTC", datetime(2026, 3, 1, 10, 20, 30)),
        ("2026-03-01T10:20:30-03:00", datetime(2026, 3, 1, 13, 20, 30)),
        ("2026-03-01 01:20:30+0200", datetime(2026, 2, 28, 23, 20, 30)),
        ("2026-03-01T10:20+02:00", datetime(2026, 3, 1, 8, 20)),
        ("31/01/2026", datetime(2026, 1, 31)),
        ("01/31/2026 14:05", datetime(2026, 1, 31, 14, 5)),
        ("5.1.2026", datetime(2026, 1, 5)),
        ("2026/1/5", datetime(2026, 1, 5)),
        ("03/03/2026", datetime(2026, 3, 3)),
    ],
)
def test_a_clear_time_is_read_as_utc(written: str, meant: datetime) -> None:
    assert _times(written) == [meant]
    # Beside values of other shapes as well.
    assert _times("2025-01-01T00:00:00Z", written, None) == [datetime(2025, 1, 1), meant, None]


@pytest.mark.parametrize(
    "written",
    ["03/04/2026", "31/31/2026", "2026-02-30", "2026-13-01", "soon", "45123", "1/2/26", "2026-03-01T25:00:00", "0000-01-01"],
)
def test_what_is_no_clear_time_is_not_guessed(written: str) -> None:
    assert _times(written) == [None]


def test_a_stated_order_reads_ambiguous_dates_and_no_impossible_ones() -> None:
    assert _times("03/04/2026", "13/04/2026", order="day_first") == [datetime(2026, 4, 3), datetime(2026, 4, 13)]
    assert _times("03/04/2026", "13/04/2026", order="month_first") == [datetime(2026, 3, 4), None]


def test_an_order_is_clear_only_where_no_value_speaks_against_it() -> None:
    assert clear_order(pl.Series(["03/04/2026", "13/04/2026", None])) == "day_first"
    assert clear_order(pl.Series(["03/04/2026", "04/13/2026"])) == "month_first"
    assert clear_order(pl.Series(["13/04/2026", "04/13/2026"])) is None
    assert clear_order(pl.Series(["03/04/2026"])) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.timezones()))
def test_any_iso_time_is_the_same_instant(moment: datetime) -> None:
    written = moment.replace(microsecond=moment.microsecond, fold=0)
    offset = written.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60:
        return
    assert _times(written.isoformat()) == [written.replace(tzinfo=None) - offset]


def test_money_is_exact_and_rounds_past_the_fourth_decimal() -> None:
    read = _of(Kind.MONEY, "0.1", "1234567890123.4567", "1e3", "-5", "1,234.50", "1,234,567", " 7 ", "0.12346", None)
    shown = ("0.1", "1234567890123.4567", "1000", "-5", "1234.5", "1234567", "7", "0.1235")
    assert read == [*(Decimal(value) for value in shown), None]


@pytest.mark.parametrize(
    "written", ["1,234", "1.234,50", "12,5", "$5", "5 EUR", "NaN", "inf", "-Infinity", "1e400", "9" * 20, "0x1f", "1_000"]
)
def test_what_is_no_clear_number_is_not_guessed(written: str) -> None:
    assert _of(Kind.MONEY, written) == [None]
    assert _of(Kind.NUMBER, written) == [None] or written == "9" * 20


def test_typed_files_keep_their_own_values() -> None:
    assert _of(Kind.MONEY, 0.1 + 0.2, float("nan"), float("inf")) == [Decimal("0.3"), None, None]
    assert _of(Kind.MONEY, 7) == [Decimal(7)]
    zoned = pl.Series("t", [datetime(2026, 1, 1, 12)]).dt.replace_time_zone("America/Sao_Paulo")
    assert convert(zoned, as_text(zoned), Kind.TIME).to_list() == [datetime(2026, 1, 1, 15)]
    lists = pl.Series("l", [["a ", "", "b"], []])
    assert convert(lists, as_text(lists), Kind.LIST).to_list() == [["a", "b"], []]


def test_lists_are_split_at_semicolons_only() -> None:
    assert _of(Kind.LIST, "DACH; UK;;", "cat, wolf", None) == [["DACH", "UK"], ["cat, wolf"], None]


def test_only_a_json_object_is_one() -> None:
    assert _of(Kind.JSON, '{"a": 1}', "[1]", "{broken", '"x"', '{"a": 1} x', None) == ['{"a": 1}', None, None, None, None, None]


def test_yes_and_no_in_the_usual_words() -> None:
    assert _of(Kind.FLAG, "Yes", "TRUE", "0", "n", "maybe", None) == [True, True, False, False, None, None]
