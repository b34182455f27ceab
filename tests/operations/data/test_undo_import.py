"""An undo takes back the import that is meant, marks that one, and is over once it has happened."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nextplay.facts.undo import CannotUndo
from nextplay.ledger import jobs as queue
from nextplay.ledger import journal
from nextplay.ledger.recorded_facts import ToRecord, record_facts
from nextplay.operations.background.errand import Errand
from nextplay.operations.background.jobs import latest_imports
from nextplay.operations.background.verbs import VERBS
from nextplay.operations.data import facts_moved
from nextplay.operations.data.undo_import import last_brought, undo_import, undo_refused
from nextplay.operations.viewer import Role, Viewer
from nextplay.web.jobs_shown import sentence_of
from tests.facts.files import PARTNERS, Desk, write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEDA = Viewer("leda@program.example", "Leda", Role.ADMIN)
NOVA = "partner_id,name,lifecycle_stage\np9,Nova,signed\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose list of imports holds one, of two partners."""
    made = Desk(tmp_path)
    run(made, "import_facts", partners=PARTNERS)
    yield made
    made.warehouse.close()


def run(desk: Desk, verb: str, **texts: str) -> dict[str, Any]:
    paths = [str(path) for path in write(desk.folder / "files", **texts)]
    return VERBS[verb](Errand(desk.installation, {"paths": paths} if paths else {}, LEDA.email, NOW))


def partners(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("partners", "partner_id")]


def marked(desk: Desk) -> list[bool]:
    """Of each listed import, newest first, whether it says that it was undone."""
    return ["undone_by" in report for _, _, report in latest_imports(LEDA)]


def test_the_import_that_was_meant_is_taken_back_or_none(desk: Desk) -> None:
    seen = last_brought(desk.installation)
    run(desk, "import_facts", partners=NOVA)
    record_facts([ToRecord("p1", "outreach_sent", NOW)], actor=LEDA.email, now=NOW)
    run(desk, "record_facts")
    before = desk.everything()
    assert "Another import" in undo_refused(desk.installation, LEDA, brought=seen)
    with pytest.raises(CannotUndo, match="Another import"):
        undo_import(desk.installation, brought=seen, actor=LEDA.email, now=NOW)
    assert desk.everything() == before
    meant = last_brought(desk.installation)
    assert undo_refused(desk.installation, LEDA, brought=meant) == ""
    undo_import(desk.installation, brought=meant, actor=LEDA.email, now=NOW)
    assert partners(desk) == ["p1", "p2"]


def test_facts_that_stand_are_told_also_where_outcomes_cannot_be_judged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("the ledger went away")

    monkeypatch.setattr(facts_moved, "close_outcomes", broken)
    told = run(desk, "import_facts", partners=NOVA)
    assert told["outcomes"]["later"]
    assert "tried again every minute" in sentence_of("import_facts", "done", "", told)
    back = run(desk, "undo_import")
    assert partners(desk) == ["p1", "p2"]
    said = sentence_of("undo_import", "done", "", back)
    assert said.startswith("The facts stand as before: 1 row taken out")
    assert "tried again every minute" in said
    assert caplog.text.count("it is tried again") == 2


def test_the_import_that_is_marked_is_the_one_that_was_taken_back(desk: Desk) -> None:
    run(desk, "import_facts", partners=NOVA)
    # It changes nothing, so the one before it is still the last that can be taken back.
    run(desk, "import_facts", partners=NOVA)
    # As where the undo was kept and the facts then failed to close: the next try marks the same one.
    queue.record_undo([], brought=last_brought(desk.installation), actor=LEDA.email, now=NOW)
    run(desk, "undo_import")
    assert partners(desk) == ["p1", "p2"]
    assert marked(desk) == [False, True, False]


def test_an_import_that_was_never_listed_leaves_its_mark_to_no_other(desk: Desk) -> None:
    # As where the process ended between the facts and the list.
    desk.load_text(partners=NOVA)
    run(desk, "undo_import")
    assert partners(desk) == ["p1", "p2"]
    assert marked(desk) == [False]
    [line] = [line for line in journal.lines() if line.verb == "undo import"]
    assert line.subject == "import"


def test_nobody_is_told_that_an_undo_was_cancelled_which_has_happened(desk: Desk) -> None:
    version = desk.warehouse.version()

    def cancelled(share: float, _: str) -> None:
        """As the worker does: work that is done is not stopped any more."""
        if share < 1.0 and desk.warehouse.version() != version:
            raise queue.WorkCancelled

    undo_import(desk.installation, actor=LEDA.email, now=NOW, progress=cancelled)
    assert partners(desk) == []
