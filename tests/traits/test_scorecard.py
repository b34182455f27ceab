"""Lines of a scorecard: where a value stands, and what is not known."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextplay.program.load import default_program
from nextplay.program.scorecard import ActivationMarks, Mark, TraitMarks
from nextplay.traits.read import TRAITS
from nextplay.traits.scorecard import ACTIVATION, Standing, blank_lines, lines, standing

MARKS = default_program().scorecard
ROWS = {"line": pl.String(), "row_id": pl.String(), "at": pl.Datetime("us"), "what": pl.String()}
KNOWN = {
    "contacts": 2,
    "lead_seller": "Marek",
    "proposals_180": 2,
    "answered_180": 1,
    "response_days": 6.5,
    "commitments_kept_270": 0.6,
    "commitment_met_270": 3,
    "commitment_missed_270": 1,
}
RISES: list[Standing] = ["red flag", "on the way", "on target"]


def line_of(name: str, rows: int = 0, **changed: object):  # type: ignore[no-untyped-def]
    frame = pl.DataFrame([KNOWN | changed])
    found = pl.DataFrame({"line": [name] * rows, "row_id": [f"a{at}" for at in range(rows)]}).with_columns(
        at=pl.lit(None, pl.Datetime("us")), what=pl.lit("")
    )
    found = found if rows else pl.DataFrame(schema=ROWS)
    return next(line for line in lines(frame, (), found, MARKS) if line.name == name)


def test_the_program_names_every_line_and_no_other() -> None:
    assert tuple(TraitMarks.model_fields) == tuple(trait.name for trait in TRAITS)
    assert tuple(ActivationMarks.model_fields) == ACTIVATION
    assert [line.name for line in blank_lines(MARKS)] == [*TraitMarks.model_fields, *ACTIVATION]


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(-200, 200), st.floats(0, 100))
def test_more_of_what_is_wanted_never_stands_worse(target: float, floor: float, value: float, more: float) -> None:
    if target == floor:
        return
    mark = Mark(target=target, floor=floor)
    better = value + more if target > floor else value - more
    assert RISES.index(standing(better, mark)) >= RISES.index(standing(value, mark))
    assert standing(target, mark) == "on target"
    assert standing(floor, mark) == "red flag"
    assert standing((target + floor) / 2, mark) in RISES
    assert standing(None, mark) == "unknown"


def test_unknown_is_an_answer_and_not_a_nought() -> None:
    assert line_of("lead_seller_session", contacts=0, lead_seller=None).verdict == "unknown"
    assert line_of("reply_time", proposals_180=0).value is None
    assert line_of("commitments_met", commitments_kept_270=None).value is None
    assert line_of("first_deal").value == 0


def test_a_session_counts_for_a_named_lead_seller_only() -> None:
    assert line_of("lead_seller_session", rows=2).value == 2
    nobody = line_of("lead_seller_session", rows=2, lead_seller=None)
    assert (nobody.value, nobody.verdict, nobody.rows) == (0, "red flag", ())


def test_the_share_of_commitments_is_the_plain_one() -> None:
    assert line_of("commitments_met").value == pytest.approx(3 / 4)


@pytest.mark.parametrize(("rows", "said"), [(0, "no accounts"), (1, "1 account "), (5, "5 accounts")])
def test_counts_read_as_sentences(rows: int, said: str) -> None:
    assert line_of("outreach_sprint", rows=rows).seen.startswith(said)
