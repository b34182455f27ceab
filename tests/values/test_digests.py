"""Digests of rows stay what they are, and move with every value and its place."""

import polars as pl

from nextplay.values.digests import row_digests, text_digest

FRAME = pl.DataFrame({"a": [1.5, 0.0, None, 1.5], "b": [True, False, None, True], "c": ["late", "", None, "late"]})


def test_a_digest_kept_years_ago_is_the_one_of_today() -> None:
    assert text_digest("late") == 7893787902840505500
    assert row_digests(FRAME, ["a", "b", "c"]).to_list() == [
        -5283977191835747997,
        79776685498709471,
        4649056450537126645,
        -5283977191835747997,
    ]


def test_equal_rows_are_alike_and_all_others_differ() -> None:
    found = row_digests(FRAME, ["a", "b", "c"]).to_list()
    assert found[0] == found[3]
    assert len(set(found)) == 3
    assert row_digests(FRAME, ["a"]).to_list()[1:3] != row_digests(FRAME.fill_null(0.0), ["a"]).to_list()[1:3]
    minus = row_digests(pl.DataFrame({"a": [-0.0, 0.0]}), ["a"])
    assert minus[0] == minus[1]


def test_a_value_in_another_place_is_another_row() -> None:
    swapped = pl.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]})
    found = row_digests(swapped, ["a", "b"])
    assert found[0] != found[1]
    assert (
        row_digests(pl.DataFrame({"a": [3.0], "b": [3.0]}), ["a", "b"])[0]
        != row_digests(pl.DataFrame({"a": [4.0], "b": [4.0]}), ["a", "b"])[0]
    )
