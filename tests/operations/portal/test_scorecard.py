"""The Activation Scorecard: every figure reproduces from the facts, versions stay as they were, a partner sees its own part."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from html import escape
from io import BytesIO
from zipfile import ZipFile

import fastexcel
import polars as pl
import pypdf
import pytest

from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.ledger import journal, play_queries, queries
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.deciding.decide import decide
from nextplay.operations.installation import Installation
from nextplay.operations.partners.show_signals import show_signals
from nextplay.operations.portal.partner_page import show_partner_page
from nextplay.operations.portal.scorecard import (
    Card,
    blank_scorecard,
    make_scorecard,
    share_scorecard,
    show_scorecard,
)
from nextplay.operations.portal.scorecard_parts import CardDecision, CardPlay, CardScore, CardStep, CardWeek
from nextplay.operations.portal.scorecard_print import card_rows, card_text, printed_card
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer
from nextplay.traits.scorecard import Line
from tests.stories import activity, deal, load, partner

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 8, 12)
HOSTILE = "=HYPERLINK(1) #panic() <b>" + "W" * 300


def ago(days: int) -> datetime:
    return DAY - timedelta(days=days)


@pytest.fixture
def stocked(installation: Installation) -> Installation:
    """A partner halfway through its first selling play."""
    facts = installation.warehouse
    load(facts, "partners", partner("p1", name=HOSTILE), partner("p2"))
    lead = {"contact_id": "c1", "partner_id": "p1", "name": "Marek", "role": "lead_seller", "observed_at": ago(500)}
    load(facts, "contacts", lead)
    play = {"play": "first_selling_play"}
    load(
        facts,
        "activities",
        activity("p1", "meeting_held", ago(4), contact_id="c1"),
        activity("p1", "meeting_held", ago(8), **play),
        activity("p1", "meeting_held", ago(120), contact_id="c1"),
        activity("p1", "narrative_shared", ago(5), **play),
        activity("p1", "target_list_shared", ago(5), **play),
        *(activity("p1", "outreach_sent", ago(3 - at % 2), account=f"A{at // 2}", **play) for at in range(6)),
        activity("p2", "outreach_sent", ago(1), account="Z"),
    )
    load(
        facts,
        "deals",
        deal("d1", "p1", ago(90), sourced_by="partner"),
        deal("d2", "p1", ago(60), sourced_by="co_sell", account="A9"),
        deal("d3", "p1", ago(30), sourced_by="partner", account="A8"),
        deal("d4", "p1", ago(20), sourced_by="influenced"),
        deal("d5", "p2", ago(20), sourced_by="partner"),
    )
    return installation


def by_name(card: Card) -> dict[str, Line]:
    return {line.name: line for line in card.lines}


def test_what_a_play_asks_for_counts_and_another_partners_does_not(stocked: Installation, ana: Viewer, now: datetime) -> None:
    found = by_name(show_scorecard(stocked, ana, "p1", now=now).card)
    counted = {name: line.value for name, line in found.items() if line.unit == "count"}
    assert counted == {
        "lead_seller_session": 2,
        "offer_in_own_words": 1,
        "joint_target_list": 1,
        "outreach_sprint": 3,
        "first_deal": 3,
        "second_deal_alone": 1,
    }
    assert [row.row_id for row in found["second_deal_alone"].rows] == ["d3"]
    assert found["reply_time"].verdict == "unknown"


def test_every_figure_of_the_sample_reproduces_from_its_facts(
    sample_installation: Installation, ben: Viewer, now: datetime
) -> None:
    known = 0
    for partner_id in ("PTR-001", "PTR-007", "PTR-023"):
        card = show_scorecard(sample_installation, ben, partner_id, now=now).card
        signals = {one.name: one.value for one in show_signals(sample_installation, ben, partner_id, now=now).signals}
        acts, deals = (
            sample_installation.warehouse.read(stored(name).filter(stored(name).partner_id == partner_id))
            for name in ("activities", "deals")
        )
        day = datetime.combine(card.as_of or now.date(), datetime.min.time()) + timedelta(days=1)
        recent = acts.filter(pl.col("occurred_at") < day)
        brought = deals.filter((pl.col("sourced_by") != "influenced") | pl.col("sourced_by").is_null())
        lists = recent.filter((pl.col("kind") == "target_list_shared") & (pl.col("occurred_at") >= day - timedelta(180)))
        sent = recent.filter((pl.col("kind") == "outreach_sent") & (pl.col("occurred_at") >= day - timedelta(90)))
        found = by_name(card)
        assert found["joint_target_list"].value == lists.height
        assert found["outreach_sprint"].value == sent.select(pl.coalesce("account", "activity_id")).n_unique()
        assert found["first_deal"].value == brought.height
        assert found["reply_time"].value == (signals["response_days"] if signals["proposals_180"] else None)
        known += sum(line.value is not None for line in card.lines)
    assert known > 20


def test_a_version_stays_as_it_was_whatever_the_facts_say_later(stocked: Installation, ana: Viewer, now: datetime) -> None:
    first = make_scorecard(stocked, ana, "p1", now=now)
    assert make_scorecard(stocked, ana, "p1", now=now).kept == first.kept
    load(stocked.warehouse, "deals", deal("d9", "p1", ago(2), sourced_by="partner"))
    second = make_scorecard(stocked, ana, "p1", now=now)
    assert [one.version for one in second.versions] == [2, 1]
    assert by_name(second.card)["first_deal"].value == 4
    assert show_scorecard(stocked, ana, "p1", version=1, now=now).card == first.card
    assert show_scorecard(stocked, ana, "p1", now=now).card == second.card
    told = [line.verb for line in journal.lines("partner p1")]
    assert told == ["make scorecard", "make scorecard"]


def test_a_partner_sees_only_what_is_shared_and_of_it_only_what_it_does(
    stocked: Installation, ana: Viewer, cleo: Viewer, now: datetime
) -> None:
    make_scorecard(stocked, ana, "p1", now=now)
    assert show_partner_page(stocked, cleo, now=now).scorecard is None
    share_scorecard(stocked, ana, "p1", 1, shared=True, now=now)
    seen = show_partner_page(stocked, cleo, now=now).scorecard
    assert seen is not None
    assert {line.part for line in seen.lines} == {"activation"}
    assert (seen.about, seen.promises) == ("", ())
    assert (seen.scores, seen.decision, seen.play) == ((), None, None)
    share_scorecard(stocked, ana, "p1", 1, shared=False, now=now)
    assert show_partner_page(stocked, cleo, now=now).scorecard is None
    assert [line.verb for line in journal.lines("partner p1")] == ["unshare scorecard", "share scorecard", "make scorecard"]


def test_one_version_is_shared_at_a_time(stocked: Installation, ana: Viewer, now: datetime) -> None:
    make_scorecard(stocked, ana, "p1", now=now)
    make_scorecard(stocked, ana, "p1", now=now + timedelta(days=1))
    for version in (1, 2):
        share_scorecard(stocked, ana, "p1", version, shared=True, now=now)
    held = show_scorecard(stocked, ana, "p1", now=now).versions
    assert [(one.version, one.shared_at is not None) for one in held] == [(2, True), (1, False)]


def test_nobody_makes_or_reads_cards_outside_their_reach(
    stocked: Installation, ana: Viewer, cleo: Viewer, dan: Viewer, now: datetime
) -> None:
    eve = Viewer("eve@program.example", "Eve", Role.MANAGER)
    for viewer in (cleo, eve):
        with pytest.raises(NotForThisViewer):
            show_scorecard(stocked, viewer, "p1", now=now)
    for viewer in (cleo, eve, dan):
        with pytest.raises(NotForThisViewer):
            make_scorecard(stocked, viewer, "p1", now=now)
    for version in (1, 99):
        with pytest.raises(NotForThisViewer):
            show_scorecard(stocked, ana, "p1", version=version, now=now)
        with pytest.raises(NotForThisViewer):
            share_scorecard(stocked, ana, "p1", version, shared=True, now=now)


def test_paper_holds_one_page_whatever_a_partner_is_called(stocked: Installation, ana: Viewer, now: datetime) -> None:
    card = show_scorecard(stocked, ana, "p1", now=now).card
    full = replace(card, scores=SCORES, decision=DECIDED, play=WIDE)
    for each in (card, full, blank_scorecard(stocked, ana)):
        pages = pypdf.PdfReader(BytesIO(printed_card(each, "pdf", note="Version 1."))).pages
        assert len(pages) == 1
        box = pages[0].mediabox
        assert (round(box.width), round(box.height)) == (595, 842)
        text = pages[0].extract_text()
        assert all(word in text for word in ("Outreach sprint done", "Holds itself to account", "Red flag"))


def test_no_sheet_runs_what_a_partner_wrote(stocked: Installation, ana: Viewer, now: datetime) -> None:
    made = printed_card(show_scorecard(stocked, ana, "p1", now=now).card, "xlsx")
    with ZipFile(BytesIO(made)) as book:
        sheet, texts = (book.read(name).decode() for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"))
    assert "<f>" not in sheet
    assert f"<t>&#39;{escape(HOSTILE)}" in texts.replace("'", "&#39;")
    assert "Outreach sprint done" in texts


WIDE = CardPlay(
    "First selling play", tuple(CardWeek(week, (CardStep("W" * 70, "us", "done", DAY.date()),)) for week in (1, 2, 3))
)
DECIDED = CardDecision("invest", "committed", "Sells with its own hands, " * 20, "A first deal", date(2026, 12, 24))
SCORES = (CardScore("Capacity", 61), CardScore("Capability", 0), CardScore("Commitment", 100), CardScore("Alignment", None))


def test_the_sheet_holds_what_the_card_says_row_by_row(stocked: Installation, ana: Viewer, now: datetime) -> None:
    plain = show_scorecard(stocked, ana, "p1", now=now).card
    for card in (plain, blank_scorecard(stocked, ana), replace(plain, scores=SCORES, decision=DECIDED, play=WIDE)):
        made = fastexcel.read_excel(printed_card(card, "xlsx", note="Version 1."))
        sheet = made.load_sheet(0, header_row=None, dtypes="string", skip_whitespace_tail_rows=True).to_polars()
        held = [[cell for cell in row if cell is not None] for row in sheet.rows()]
        said = [[_cell(cell) for cell in row if cell not in (None, "")] for row in card_rows(card, "Version 1.")]
        assert [row for row in held if row] == [row for row in said if row]
        told = {cell for row in held for cell in row}
        assert {line.label for line in card.lines} | {score.label for score in card.scores} <= told
        assert {step.name for week in card.play.weeks for step in week.steps} <= told if card.play else False


def _cell(value: str | float | None) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"'{text}" if text.startswith("=") else text


def test_text_to_copy_holds_every_line_and_no_row_of_evidence(stocked: Installation, ana: Viewer, now: datetime) -> None:
    card = replace(show_scorecard(stocked, ana, "p1", now=now).card, scores=SCORES, decision=DECIDED, play=WIDE)
    told = card_text(card, "Version 1.")
    assert all(line.label in told for line in card.lines)
    assert "Alignment: unknown" in told
    assert "Invest (committed): Sells with its own hands" in told
    assert not any(row.row_id in told.split() for line in card.lines for row in line.rows)


def test_a_card_says_what_is_decided_and_how_far_its_play_is(
    sample_installation: Installation, ben: Viewer, now: datetime
) -> None:
    decide(sample_installation, now=now, actor="tests")
    record = next(one for one in queries.decisions() if one.verdict == "invest")
    proposed = show_scorecard(sample_installation, ben, record.partner_id, now=now).card
    assert proposed.decision is not None
    assert proposed.play is not None
    assert (proposed.decision.verdict, proposed.decision.state) == ("invest", "proposed")
    assert {step.due for week in proposed.play.weeks for step in week.steps} == {None}
    commit_decision(sample_installation, ben, record.decision_id, revision=record.revision, now=now)
    card = show_scorecard(sample_installation, ben, record.partner_id, now=now).card
    assert card.decision is not None
    assert card.play is not None
    assert (card.decision.state, card.decision.because) == ("committed", record.why)
    held = play_queries.steps(decision_ids=[record.decision_id])
    assert [step.due for week in card.play.weeks for step in week.steps] == [one.due for one in held]
    assert [one.label for one in card.scores] == ["Capacity", "Capability", "Commitment", "Customer alignment"]


def test_the_scope_of_a_card_is_one_partner(stocked: Installation) -> None:
    from nextplay.signals.activation import activation_rows

    rows = stocked.warehouse.read(activation_rows(stocked.facts(DAY.date(), Reach(partner_id="p2"))))
    assert set(rows["partner_id"]) == {"p2"}
