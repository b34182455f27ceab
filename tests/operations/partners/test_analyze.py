"""Refreshing scores: what is kept, what is not, what it says of itself, and how it is stopped."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NoReturn

import polars as pl
import pytest

from nextplay.analysis.analyst import BuiltInAnalyst
from nextplay.analysis.reading import Reading
from nextplay.analysis.store import latest_readings
from nextplay.facts.tables import stored
from nextplay.ledger import jobs as queue
from nextplay.operations.background.jobs import cancel, job, run_waiting, submit
from nextplay.operations.installation import Installation
from nextplay.operations.narrowing import Narrowing
from nextplay.operations.partners.analysis_account import Account
from nextplay.operations.partners.analyze import Asked, analyze
from nextplay.operations.partners.partner_analysis import partner_analysis
from nextplay.operations.partners.partner_quotes import Quote
from nextplay.operations.partners.show_evidence import rows_behind, show_evidence
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.web.jobs_shown import shown_account
from nextplay.web.pages.evidence import rule_said
from tests.stories import activity, deal, document, load, partner

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def ago(days: float) -> datetime:
    return datetime(2026, 11, 9, 8) - timedelta(days=days)


@pytest.fixture
def three(installation: Installation) -> Installation:
    """Three partners of two segments that keep commitments and sold."""
    names = ("p1", "p2", "p3")
    segments = {"p1": "Growth", "p2": "Growth", "p3": "Public"}
    load(installation.warehouse, "partners", *(partner(name, segment=segments[name], employee_count=40.0) for name in names))
    kept = [activity(name, "commitment_met", ago(10 * n)) for name in names for n in (1, 2, 3)]
    load(installation.warehouse, "activities", *kept, *(activity(name, "deal_registered", ago(4)) for name in names))
    load(installation.warehouse, "deals", *(deal(f"d-{name}", name, ago(4)) for name in names))
    return installation


def rows(installation: Installation, table: str) -> pl.DataFrame:
    return installation.warehouse.read(stored(table))


def told_later(partner_id: str, kind: str, days: float) -> dict[str, object]:
    """Something that happened before the first run and was learned after it."""
    return activity(partner_id, kind, ago(days), activity_id=f"late-{kind}-{days}", observed_at=datetime(2026, 11, 9, 10))


def test_a_second_run_keeps_nothing_and_says_so(three: Installation) -> None:
    first = analyze(three, now=NOW).account
    assert (first.partners_read, first.new, first.unchanged) == (3, 3, 0)
    version, kept = three.warehouse.version(), rows(three, "criteria").height
    again = analyze(three, now=LATER).account
    assert (again.partners_read, again.changed, again.untouched) == (0, 0, 3)
    assert rows(three, "criteria").height == kept
    assert three.warehouse.version() == version
    assert rows(three, "analysis_runs").height == 2


class Unasked(BuiltInAnalyst):
    """An analyst that must not be asked."""

    def read(self, *_asked: object, **_named: object) -> NoReturn:
        raise AssertionError


def test_where_facts_program_and_day_are_the_same_nobody_is_read_again(three: Installation) -> None:
    analyze(three, now=NOW)
    assert analyze(three, now=LATER, analyst=Unasked()).account == Account.of_nobody(3)
    growth = Asked(narrowing=Narrowing(segment="Growth"))
    assert analyze(three, now=LATER, asked=growth, analyst=Unasked()).account == Account.of_nobody(2)
    # Nobody said whom this touched.
    load(three.warehouse, "activities", told_later("p2", "commitment_missed", 2))
    with pytest.raises(AssertionError):
        analyze(three, now=LATER, analyst=Unasked())


def test_an_import_that_ends_while_partners_are_read_has_them_read_again(three: Installation) -> None:
    class Overtaken(BuiltInAnalyst):
        times = 0

        def read(self, *asked: Any, **named: Any) -> Reading:
            found = super().read(*asked, **named)
            self.times += 1
            if self.times == 1:
                load(three.warehouse, "deals", deal("d-new", "p1", ago(2)))
            return found

    analyst = Overtaken()
    report = analyze(three, now=NOW, analyst=analyst)
    assert analyst.times == 2
    assert report.facts_version == str(three.warehouse.version().facts)
    assert rows(three, "analysis_runs")["facts_version"].to_list() == [report.facts_version]


def test_texts_that_come_in_before_partners_are_read_are_read_too(three: Installation) -> None:
    come = False

    def progress(_share: float, doing: str) -> None:
        nonlocal come
        if doing.startswith("Reading what is usual") and not come:
            come = True
            load(three.warehouse, "documents", document("late", "p1", "Our director Jana sponsors this.", written_at=ago(3)))

    report = analyze(three, now=NOW, progress=progress)
    assert report.texts.read == 1
    assert rows(three, "texts_read")["document_id"].to_list() == ["late"]
    assert report.facts_version == str(three.warehouse.version().facts)


def test_only_whose_evidence_is_new_is_kept_anew(three: Installation) -> None:
    analyze(three, now=NOW)
    load(three.warehouse, "activities", told_later("p2", "commitment_missed", 2))
    account = analyze(three, now=LATER).account
    assert (account.own_evidence, account.program_moved, account.unchanged) == (1, 0, 2)
    kept = rows(three, "scores")
    assert kept.group_by("partner_id").len().sort("partner_id")["len"].to_list() == [4, 8, 4]


def test_a_changed_rubric_scores_everybody_anew_though_no_row_is_new(three: Installation) -> None:
    analyze(three, now=NOW)
    three.home.program_file.write_text("rubric: {coverage_floor: 0.1}\n", encoding="utf-8")
    account = analyze(three, now=LATER).account
    assert (account.own_evidence, account.program_moved) == (0, 3)
    fewer = "rubric: {capacity: [{name: headcount, label: Size, weight: 1, zero: 0, full: 9, gap: small}]}\nstrengths: []\n"
    three.home.program_file.write_text(fewer, encoding="utf-8")
    account = analyze(three, now=LATER).account
    assert (account.own_evidence, account.program_moved) == (0, 3)


def test_a_filter_reads_only_who_fits_it_and_scores_them_as_among_all(three: Installation) -> None:
    part = analyze(three, now=NOW, asked=Asked(narrowing=Narrowing(segment="Growth")))
    assert part.account.partners_read == 2
    narrow = rows(three, "scores").drop("run_id").sort("partner_id", "dimension")
    searched = analyze(three, now=LATER, asked=Asked(narrowing=Narrowing(search="P3")))
    assert searched.account.partners_read == 1
    assert analyze(three, now=LATER).account.unchanged == 3
    assert narrow["partner_id"].unique().sort().to_list() == ["p1", "p2"]


def test_one_partner_scores_as_it_does_among_all(three: Installation) -> None:
    assert analyze(three, now=NOW, asked=Asked(partner_id="p1")).account.partners_read == 1
    account = analyze(three, now=LATER).account
    assert (account.new, account.unchanged) == (2, 1)
    with pytest.raises(NotForThisViewer):
        analyze(three, now=NOW, asked=Asked(partner_id="nobody"))


def test_the_account_says_what_has_no_evidence_and_why(three: Installation) -> None:
    account = analyze(three, now=NOW).account
    why = {one.criterion: (one.partners, one.why) for one in account.not_read}
    assert why["named_sellers"] == (3, "no people on record")
    assert account.rows_read["activities"] == 12
    assert account.as_json()["empty_tables"] == ["contacts", "accounts", "documents"]
    assert "commitments_kept" not in why


def test_the_account_counts_rows_of_the_partners_read_alone(three: Installation) -> None:
    accounts = [{"account": name, "name": name, "icp": True, "observed_at": ago(300)} for name in ("Acme", "Zenith")]
    load(three.warehouse, "accounts", *accounts)
    load(three.warehouse, "deals", deal("d-acme", "p1", ago(4), account="Acme"))
    one = analyze(three, now=NOW, asked=Asked(partner_id="p1")).account
    assert (one.rows_read["accounts"], one.rows_read["deals"], one.rows_read["activities"]) == (1, 2, 4)
    found = analyze(three, now=NOW, asked=Asked(narrowing=Narrowing(search="P3"))).account
    assert (found.rows_read["accounts"], found.rows_read["deals"], found.rows_read["activities"]) == (0, 1, 4)
    analyze(three, now=NOW)
    again = shown_account(analyze(three, now=LATER, asked=Asked(narrowing=Narrowing(search="P3"))).as_json())
    assert again.rows == "Nothing is new to read."
    assert "1 not read: it has no row that is new or changed since everybody was read" in again.sentence


def test_history_says_what_changed_and_which_rows_moved_it(three: Installation, ben: Viewer) -> None:
    analyze(three, now=NOW)
    load(three.warehouse, "activities", told_later("p2", "commitment_missed", 2))
    analyze(three, now=LATER)
    found = partner_analysis(three, "p2")
    assert found is not None
    dimension, criterion = found.criterion("commitments_kept")
    assert dimension.change is not None
    assert dimension.change < 0
    assert criterion.was == 100
    assert [one.name for each in found.dimensions for one in each.moved] == ["commitments_kept"]
    page = show_evidence(three, ben, "p2", "commitments_kept", now=LATER)
    assert page.rows is not None
    assert [(row.key, row.counts_as, row.state) for row in page.rows] == [
        ("late-commitment_missed-2", "missed", "new"),
        *((f"p2:commitment_met:{ago(10 * n).isoformat()}", "met", "counted") for n in (1, 2, 3)),
    ]


def test_signals_behind_a_score_are_the_rows_of_its_criteria_each_once(three: Installation, ben: Viewer) -> None:
    assert rows_behind(three, ben, "p1", now=NOW) == {}
    analyze(three, now=NOW)
    behind = rows_behind(three, ben, "p1", now=NOW)
    found = partner_analysis(three, "p1")
    assert found is not None
    for dimension in found.dimensions:
        pages = [show_evidence(three, ben, "p1", one.name, now=NOW) for one in dimension.criteria]
        assert behind[dimension.dimension] == len({(row.table, row.key) for page in pages for row in page.rows or ()})
    # Three commitments met, a deal registered, and the deal itself, which they brought.
    assert behind["commitment"] == 5
    with pytest.raises(NotForThisViewer):
        rows_behind(three, ben, "nobody", now=NOW)


def test_rows_that_grew_too_old_are_told_as_gone(three: Installation, ben: Viewer) -> None:
    analyze(three, now=NOW)
    analyze(three, now=NOW + timedelta(days=44))
    load(three.warehouse, "activities", activity("p1", "portal_login", ago(-250)))
    analyze(three, now=NOW + timedelta(days=255))
    page = show_evidence(three, ben, "p1", "commitments_kept", now=NOW + timedelta(days=255))
    assert page.rows is not None
    assert [row.state for row in page.rows] == ["counted", "gone", "gone"]


def test_the_rows_of_a_past_days_run_are_those_it_knew(three: Installation, ben: Viewer) -> None:
    learned = datetime(2026, 11, 6, 8)
    load(three.warehouse, "activities", activity("p1", "commitment_met", ago(15), observed_at=learned))
    analyze(three, now=NOW, as_of=date(2026, 11, 4))
    load(three.warehouse, "activities", activity("p2", "portal_login", ago(1)))
    assert show_evidence(three, ben, "p1", "commitments_kept", now=LATER).counted == 3


def test_only_words_that_still_stand_in_their_document_are_shown_as_a_quote(three: Installation, ben: Viewer) -> None:
    analyze(three, now=NOW)
    words, now_there = "Our director backs this.", "Our lawyers ended this. "
    for name, text in (("same", words), ("changed", now_there)):
        load(three.warehouse, "documents", document(name, "p1", text, written_at=ago(3)))
        found = {"partner_id": "p1", "document_id": name, "label": "sponsor_speaks", "quote": words, "score": 0.9}
        load(three.warehouse, "text_evidence", found | {"start": 0, "end": len(words), "reader": "core-1"})
    shown = show_evidence(three, ben, "p1", "sponsor_seen", now=LATER).rows
    assert shown is not None
    quotes = {row.key.partition("#")[0]: row.quote for row in shown}
    assert quotes == {"same": Quote("same", words, 0, len(words)), "changed": None}


def test_points_stand_beside_the_weight_they_were_made_by(three: Installation, ben: Viewer) -> None:
    analyze(three, now=NOW)
    rubric = three.program.rubric
    heavier = tuple(one.model_copy(update={"weight": one.weight + 3}) for one in rubric.commitment)
    tried = three.under(three.program.model_copy(update={"rubric": rubric.model_copy(update={"commitment": heavier})}))
    before, after = (show_evidence(each, ben, "p1", "commitments_kept", now=NOW) for each in (three, tried))
    assert after.criterion.weight == before.criterion.weight
    assert (before.same_program, after.same_program) == (True, False)
    assert "by the program of today" in rule_said(after)
    value, zero, full = before.criterion.value, before.criterion.zero, before.criterion.full
    assert value is not None
    assert before.criterion.points == pytest.approx(100 * min((value - zero) / (full - zero), 1), abs=0.1)
    assert rule_said(before).startswith(f"The value is {round(value, 2):g}: no points at {zero:g}")
    assert "of today" not in rule_said(before)


def test_evidence_of_others_partners_does_not_exist(three: Installation, ana: Viewer, cleo: Viewer) -> None:
    analyze(three, now=NOW)
    stranger = Viewer(email="other@program.example", name="Other", role=Role.MANAGER)
    for viewer in (stranger, cleo):
        with pytest.raises(NotForThisViewer):
            show_evidence(three, viewer, "p1", "commitments_kept", now=NOW)
    with pytest.raises(NotForThisViewer):
        show_evidence(three, ana, "p1", "charm", now=NOW)


@pytest.mark.django_db
def test_a_refresh_can_be_cancelled_and_keeps_nothing(three: Installation, ana: Viewer, ben: Viewer, dan: Viewer) -> None:
    waiting = submit("analyze", {}, actor=ana.email, now=NOW)
    with pytest.raises(NotForThisViewer):
        cancel(dan, waiting, now=NOW)
    cancel(ana, waiting, now=NOW)
    assert job(ana, waiting).state == "cancelled"
    assert not run_waiting(three, now=NOW)
    running = submit("analyze", {}, actor=ana.email, now=NOW)
    queue.take_up("somebody", now=NOW, only=running)
    cancel(ben, running, now=NOW)
    assert job(ana, running).state == "cancelling"
    # What runs is told so the next time that it says how far it is.
    assert not queue.tell(running, 0.5, "Reading people")
    queue.end_cancelled(running, now=NOW)
    assert job(ana, running).state == "cancelled"
    assert three.warehouse.read(latest_readings()).is_empty()


@pytest.mark.django_db
def test_work_that_is_cancelled_while_it_runs_stops_with_nothing_kept(
    three: Installation, ana: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = submit("analyze", {}, actor=ana.email, now=NOW)
    told = queue.tell

    def cancelled_meanwhile(job_id: int, share: float, doing: str) -> bool:
        cancel(ana, job_id, now=NOW)
        return told(job_id, share, doing)

    monkeypatch.setattr(queue, "tell", cancelled_meanwhile)
    assert run_waiting(three, now=NOW)
    assert job(ana, handed).state == "cancelled"
    assert rows(three, "analysis_runs").is_empty()


@pytest.mark.django_db
def test_a_cancel_that_comes_once_all_is_kept_ends_as_done(
    three: Installation, ana: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = submit("analyze", {}, actor=ana.email, now=NOW)
    told = queue.tell

    def cancelled_at_the_end(job_id: int, share: float, doing: str) -> bool:
        if share == 1.0:
            cancel(ana, job_id, now=NOW)
        return told(job_id, share, doing)

    monkeypatch.setattr(queue, "tell", cancelled_at_the_end)
    monkeypatch.setattr("nextplay.operations.background.jobs._TELL_SECONDS", 0.0)
    assert run_waiting(three, now=NOW)
    found = job(ana, handed)
    assert found.state == "done"
    assert found.result is not None
    assert found.result["partners_read"] == rows(three, "scores")["partner_id"].n_unique() == 3
