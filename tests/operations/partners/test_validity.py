"""Scores of past days are worked out with what was known then, and compared with what followed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from nextplay.facts.tables import stored
from nextplay.operations.installation import Installation
from nextplay.operations.partners.validity import check_validity, latest_validity
from nextplay.operations.viewer import NotForThisViewer, Viewer
from tests.stories import activity, deal, document, load, partner

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return datetime(2026, 11, 9, 8) - timedelta(days=days)


@pytest.fixture
def forty(installation: Installation) -> Installation:
    """Forty partners in a year: the even ones keep commitments and sell a quarter later, the odd ones neither."""
    names = [f"p{n}" for n in range(40)]
    load(installation.warehouse, "partners", *(partner(name, segment="Growth", signed_at=ago(500)) for name in names))
    even, odd = names[::2], names[1::2]
    kept = [activity(name, "commitment_met", ago(days)) for name in even for days in (200, 150)]
    missed = [activity(name, "commitment_missed", ago(days)) for name in odd for days in (200, 150)]
    load(installation.warehouse, "activities", *kept, *missed, *(activity(names[0], "portal_login", ago(n)) for n in (400, 1)))
    load(installation.warehouse, "deals", *(deal(f"d-{name}", name, ago(30), sourced_by="partner") for name in even))
    return installation


def test_a_score_that_told_who_sells_next_is_told_to_predict(forty: Installation, dan: Viewer, cleo: Viewer) -> None:
    assert latest_validity(forty, dan) is None
    told = check_validity(forty, now=NOW)
    assert told["days"][0] == "2026-08-11"
    named = {one["name"]: one for one in told["checks"] if one["segment"] is None}
    kept = named["commitment.commitments_kept.points"]
    assert kept["verdict"] == "beats the naive figure"
    # Everybody three months ago; six months ago only those whose one missed commitment was known.
    assert (kept["cases"], kept["brought"]) == (60, 20)
    # Nobody had brought pipeline in the quarter before: what anybody would look at says nothing.
    assert kept["naive"]["value"] == 0.5
    assert named["capability.win_rate.points"]["verdict"] == "too few cases"
    assert {one["segment"] for one in told["checks"]} == {None, "Growth"}
    assert latest_validity(forty, dan) == json.loads(json.dumps(told))
    with pytest.raises(NotForThisViewer):
        latest_validity(forty, cleo)


def test_what_was_learned_later_does_not_enter_the_score_of_then(forty: Installation) -> None:
    before = check_validity(forty, now=NOW)
    late = [activity(f"p{n}", "commitment_met", ago(140), activity_id=f"late{n}", observed_at=ago(5)) for n in range(1, 40, 2)]
    load(forty.warehouse, "activities", *late)
    after = check_validity(forty, now=NOW)
    assert after["checks"] == before["checks"]


def test_texts_that_wait_are_read_before_the_report_is_made(forty: Installation) -> None:
    texts = [document(f"d{n}", f"p{n}", "We will send you five names by Friday.", written_at=ago(100)) for n in range(3)]
    load(forty.warehouse, "documents", *texts)
    check_validity(forty, now=NOW)
    assert forty.warehouse.read(stored("text_evidence"))["document_id"].sort().to_list() == ["d0", "d1", "d2"]


def test_a_segment_of_a_handful_is_told_to_nobody_and_none_to_who_sees_only_their_portfolio(
    forty: Installation, ana: Viewer, dan: Viewer
) -> None:
    load(forty.warehouse, "partners", *(partner(f"few{n}", segment="Tiny", signed_at=ago(500)) for n in range(9)))
    check_validity(forty, now=NOW)

    def segments(viewer: Viewer) -> set[str | None]:
        told = latest_validity(forty, viewer)
        assert told is not None
        return {one["segment"] for one in told["checks"]}

    assert segments(ana) == {None}
    assert segments(dan) == {None, "Growth"}
    forty.home.program_file.write_text("managers_see: all\n", encoding="utf-8")
    assert segments(ana) == {None, "Growth"}


def test_a_report_of_another_format_is_as_none(forty: Installation, dan: Viewer) -> None:
    told = check_validity(forty, now=NOW)
    old = {name: value for name, value in told.items() if name != "format"}
    load(forty.warehouse, "validity_reports", {"made_at": datetime(2026, 11, 9, 12), "report": json.dumps(old)})
    assert latest_validity(forty, dan) is None


def test_the_naive_figure_is_the_pipeline_of_the_quarter_before_as_known_then(forty: Installation) -> None:
    # Opened in the quarter before the first past day; of one it was learned much later.
    known = [deal(f"b{n}", f"p{n}", ago(120), sourced_by="partner", amount=100.0 + n) for n in range(0, 30, 2)]
    late = [deal(f"b{n}", f"p{n}", ago(120), sourced_by="partner", observed_at=ago(5)) for n in range(1, 31, 2)]
    load(forty.warehouse, "deals", *known, *late)
    told = check_validity(forty, now=NOW)
    naive = next(one for one in told["checks"] if one["name"] == "naive")
    assert naive["verdict"] == "predicts"
    assert naive["concordance"]["value"] > 0.6


def test_without_a_past_quarter_nothing_is_checked(installation: Installation) -> None:
    load(installation.warehouse, "partners", partner("p1"))
    load(installation.warehouse, "deals", deal("d1", "p1", ago(100)))
    told = check_validity(installation, now=NOW)
    assert (told["days"], told["checks"]) == ([], [])
