"""A forecast tells what the import then does, and leaves nothing; an undo takes it back, outcomes and all."""

from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from nextplay.decisions.proposal import OutcomePredicate
from nextplay.facts.undo import CannotUndo
from nextplay.ledger import actions, journal, play_queries, queries
from nextplay.ledger.recorded_facts import ToRecord, record_facts
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.jobs import latest_imports
from nextplay.operations.background.verbs import VERBS
from nextplay.operations.data.forecast_import import ImportForecast, forecast_import
from nextplay.operations.data.undo_import import undo_refused
from nextplay.operations.deciding.commit_decision import commit_decision
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, Role, Viewer
from tests.facts.files import PARTNERS, Desk, write
from tests.ledger.conftest import make_cycle, make_decision

pytestmark = pytest.mark.django_db
DEALS = "deal_id,partner_id,stage,amount,opened_at\nd1,p1,proposal,100,2026-01-10\nd2,p2,won,250,2026-02-10\n"
LATER = (
    "deal_id,partner_id,stage,amount,opened_at\nd1,p1,won,120,2026-01-10\nd3,p2,proposal,7,2026-11-12\nd4,px,won,1,2026-01-01\n"
)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUE = date(2026, 11, 23)
LEDA = Viewer("leda@program.example", "Leda", Role.ADMIN)


def run(desk: Desk, verb: str, *files: Path) -> dict[str, Any]:
    asked = {"paths": [str(file) for file in files]} if files else {}
    return VERBS[verb](Errand(desk.installation, asked, LEDA.email, NOW))


@pytest.fixture
def each_desk(tmp_path: Path, facts_url: str) -> Iterator[Desk]:
    """A desk with two partners and two deals, on each engine in turn."""
    made = Desk(tmp_path, facts_url)
    made.load_text(partners=PARTNERS, deals=DEALS)
    yield made
    made.warehouse.close()


def counts(found: ImportForecast) -> dict[str, tuple[int, ...]]:
    return {one.table: (one.read, one.added, one.updated, one.unchanged, one.removed, one.rejected) for one in found.tables}


@pytest.mark.engine
@pytest.mark.parametrize("replace", [False, True])
def test_a_forecast_is_what_the_import_does_and_changes_nothing(each_desk: Desk, replace: bool) -> None:
    files = write(each_desk.folder / "later", deals=LATER)
    before, version = each_desk.everything(), each_desk.warehouse.version()
    found = forecast_import(each_desk.installation, files, now=NOW, replace=replace)
    assert (each_desk.everything(), each_desk.warehouse.version()) == (before, version)
    assert not list(each_desk.home.rejected.glob("*"))
    done = each_desk.load(*files, now=NOW, replace=replace).tables[0]
    own = (done.read, done.added, done.updated, done.unchanged, done.removed, done.rejected)
    assert counts(found) == {"deals": own} == {"deals": (3, 1, 1, 0, int(replace), 1)}
    [table] = found.tables
    samples = {(one.done, one.key): one.differs for one in table.samples}
    assert {key: value for key, value in samples.items() if key[0] != "removed"} == {
        ("added", "d3"): (),
        ("updated", "d1"): ("stage: proposal to won", "amount: 100.0000 to 120.0000"),
    }
    assert (("removed", "d2") in samples) == replace
    assert table.changed == (("amount", 1), ("stage", 1))
    assert [row["line"] for row in table.refused] == [4]


def waiting(desk: Desk) -> None:
    """A committed play of p2 that waits until the end of November for a deal."""
    wanted = {"event": "deal_opened", "kinds": [], "stages": [], "at_least": 1, "window_days": 30}
    own = changed(
        make_decision("d1"), partner_id="p2", outcome=OutcomePredicate("A deal opened", wanted, date(2026, 11, 30)), due=DUE
    )
    cycle = changed(make_cycle(own, month="2026-11"), as_of=date(2026, 11, 9), lots=())
    actions.record_cycle(cycle, actor="tests", now=NOW)
    commit_decision(desk.installation, OPERATOR, "d1", revision=1, now=NOW)


def result() -> tuple[str, str]:
    record = queries.decision("d1")
    assert record is not None
    return record.result, record.result_was


@pytest.mark.engine
def test_outcomes_are_foretold_close_with_the_import_and_open_with_its_undo(each_desk: Desk) -> None:
    waiting(each_desk)
    files = write(each_desk.folder / "later", deals=LATER)
    told = run(each_desk, "forecast_import", *files)["outcomes"]
    assert [(one["decision_id"], one["partner"], one["was"], one["becomes"]) for one in told] == [("d1", "Beta", "open", "met")]
    assert result() == ("open", "")
    before = each_desk.everything()
    assert run(each_desk, "import_facts", *files)["outcomes"]["met"] == 1
    assert result() == ("met", "")
    assert undo_refused(each_desk.installation, LEDA) == ""
    assert run(each_desk, "undo_import")["outcomes"]["corrected"] == 1
    assert each_desk.everything() == before
    assert result() == ("open", "met")
    record = queries.decision("d1")
    assert record is not None
    assert record.result_note.startswith("Open again")
    assert {one.state for one in play_queries.steps(decision_ids=["d1"])} == {"open"}
    [(_, _, report), *_] = latest_imports(LEDA)
    assert report["undone_by"] == LEDA.email
    [line] = [line for line in journal.lines() if line.verb == "undo import"]
    assert line.details == {"deals": 2, "changes": 2}


@pytest.mark.engine
def test_what_people_entered_since_stays_and_waits_where_its_partner_goes(each_desk: Desk) -> None:
    more = write(each_desk.folder / "more", partners="partner_id,name,lifecycle_stage\np1,Alpha,inactive\np9,Nova,signed\n")
    run(each_desk, "import_facts", *more)
    entered = [ToRecord(partner, "outreach_sent", NOW, account="Acme") for partner in ("p1", "p9")]
    record_facts(entered, actor=LEDA.email, now=NOW)
    run(each_desk, "record_facts")
    assert len(each_desk.rows("activities")) == 2
    assert undo_refused(each_desk.installation, LEDA) == ""
    run(each_desk, "undo_import")
    assert [row[0] for row in each_desk.rows("activities", "partner_id")] == ["p1"]
    assert each_desk.rows("partners", "partner_id", "lifecycle_stage") == [("p1", "active"), ("p2", "signed")]
    held = {one.partner_id: (one.in_facts, bool(one.refused)) for one in play_queries.facts_entered()}
    assert held == {"p1": (True, False), "p9": (False, True)}
    run(each_desk, "import_facts", *more)
    assert [row[0] for row in each_desk.rows("activities", "partner_id")] == ["p1", "p9"]


def test_an_undo_is_refused_with_a_sentence_and_only_admins_ask(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert undo_refused(desk.installation, LEDA) == "There is no import that can be undone."
    with pytest.raises(CannotUndo, match="no import"):
        run(desk, "undo_import")
    with pytest.raises(NotForThisViewer):
        undo_refused(desk.installation, Viewer("ana@program.example", "Ana", Role.MANAGER))
    assert not [line for line in journal.lines() if line.verb == "undo import"]
    desk.warehouse.close()
