"""The built-in summary says no more than the scores do."""

from datetime import date, datetime

import polars as pl
import pytest

from nextplay.operations.partners.partner_analysis import CriterionRead, DimensionRead, PartnerAnalysis, ReadingHead
from nextplay.operations.partners.partner_summary import built_in, evidence_sentences

NO_QUOTES = pl.DataFrame(schema={"label": pl.String, "quote": pl.String})
WAITS = "concrete proposals wait for an answer"


def _criterion(name: str, points: float, gap: str) -> CriterionRead:
    label = name.replace("_", " ").capitalize()
    return CriterionRead(name, label, points, points, 1.0, 1.0, None, None, 0.0, 100.0, gap, "")


def _analysis(weakest: float) -> PartnerAnalysis:
    criteria = (_criterion("reply_time", 30, WAITS), _criterion("sponsor_seen", 35, ""), _criterion("commitments_kept", 35, ""))
    dimensions = (
        DimensionRead("capacity", "Capacity", 98.0, 1.0, "", None, (), criteria),
        DimensionRead("commitment", "Commitment", weakest, 1.0, WAITS, None, (), criteria),
    )
    head = ReadingHead("run-00000001", date(2026, 11, 8), datetime(2026, 11, 8), "1", "1")
    return PartnerAnalysis(head, None, head.as_of, dimensions, ())


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (97.0, "Weakest in Commitment, 97 of 100."),
        (50.0, "Weakest in Commitment, 50 of 100."),
        (49.6, f"Weakest in Commitment, 49 of 100: {WAITS}."),
    ],
)
def test_a_reason_is_told_only_of_a_score_to_address_and_the_score_as_its_tile_shows_it(score: float, told: str) -> None:
    analysis = _analysis(score)
    summary = built_in(analysis, NO_QUOTES, address_below=50)
    assert summary.sentences[1].text == told
    said = evidence_sentences(analysis, summary, address_below=50)["dimension:commitment"]
    assert said == f"Commitment scores {told.split()[3]} of 100."


def test_the_largest_part_is_not_told_as_most() -> None:
    first = built_in(_analysis(97.0), NO_QUOTES, address_below=50).sentences[0].text
    assert first == "Strongest in Capacity, 98 of 100, above all by sponsor seen."
