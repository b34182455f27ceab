"""Taking the last import back: the facts stand as before, row by row, or the undo says why not."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextplay.facts.undo import CannotUndo, put_back
from tests.facts.files import DEALS, PARTNERS, Desk
from tests.stories import activity, load

LATER = "partner_id,name,lifecycle_stage,tier\np1,Alpha,enabled,Gold\np3,Gamma,signed,\n"
MORE = "deal_id,partner_id,stage,amount,currency,opened_at\nd1,p1,won,120,USD,2026-01-10\nd3,p3,proposal,5,USD,2026-03-01\n"


def undo(desk: Desk) -> dict[str, tuple[int, int]]:
    with desk.warehouse.transaction() as transaction:
        return {one.table: (one.removed, one.restored) for one in put_back(transaction)}


@pytest.mark.engine
@pytest.mark.parametrize("replace", [False, True])
def test_what_was_added_changed_and_removed_is_as_before(each_desk: Desk, replace: bool) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    before, version = each_desk.everything(), each_desk.warehouse.version()
    kept = LATER + "p2,Beta,signed,\n"
    each_desk.load_text(partners=kept if replace else LATER, deals=MORE, replace=replace)
    assert each_desk.everything() != before
    told = undo(each_desk)
    assert each_desk.everything() == before
    assert told["partners"] == (1, 1)
    assert told["deals"] == (1, 2 if replace else 1)
    assert told["changes"][0] > 0
    assert each_desk.warehouse.version().facts == version.facts + 2


@pytest.mark.engine
def test_a_first_import_leaves_nothing_behind(each_desk: Desk) -> None:
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    assert undo(each_desk) == {"partners": (2, 0), "deals": (2, 0)}
    assert not any(each_desk.everything().values())
    each_desk.load_text(partners=PARTNERS, deals=DEALS)
    assert len(each_desk.rows("deals")) == 2


def test_only_the_last_import_can_be_taken_back_and_only_once(desk: Desk) -> None:
    with pytest.raises(CannotUndo, match="no import"):
        undo(desk)
    desk.load_text(partners=PARTNERS)
    first = desk.everything()
    desk.load_text(deals=DEALS)
    # Nothing new: the import before it is still the last that changed anything.
    desk.load_text(deals=DEALS)
    undo(desk)
    assert desk.everything() == first
    with pytest.raises(CannotUndo, match="no import"):
        undo(desk)


def test_a_change_that_is_no_import_ends_the_undo(desk: Desk) -> None:
    desk.load_text(partners=PARTNERS)
    load(desk.warehouse, "activities", activity("p1", "meeting_held", datetime(2026, 11, 1)))
    with pytest.raises(CannotUndo, match="changed since"):
        undo(desk)


def test_an_import_that_cannot_be_undone_ends_the_undo_of_the_one_before(desk: Desk) -> None:
    desk.load_text(partners=PARTNERS)
    desk.load_text(deals=DEALS, undoable=False)
    with pytest.raises(CannotUndo, match="changed since"):
        undo(desk)


_ROW = st.tuples(st.sampled_from(["p1", "p2", ""]), st.sampled_from(["won", "lost", "proposal"]), st.sampled_from(["", "1"]))
_FILE = st.dictionaries(st.sampled_from(["d1", "d2", "d3", "d4"]), _ROW, min_size=1)


def _text(rows: dict[str, tuple[str, str, str]]) -> str:
    return "deal_id,partner_id,stage,amount\n" + "".join(f"{key},{','.join(row)}\n" for key, row in rows.items())


@settings(max_examples=4)
@given(first=_FILE, second=_FILE, third=_FILE, replace=st.booleans())
def test_a_table_that_came_in_two_files_is_put_back_to_before_both(
    first: dict[str, tuple[str, str, str]],
    second: dict[str, tuple[str, str, str]],
    third: dict[str, tuple[str, str, str]],
    replace: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.load_text(partners=PARTNERS, deals=_text(first))
    before = desk.everything()
    files = []
    for number, rows in enumerate((second, third)):
        folder = desk.folder / f"both{number}"
        folder.mkdir()
        (folder / "deals.csv").write_text(_text(rows), encoding="utf-8")
        files.append(folder / "deals.csv")
    desk.load(*files, replace=replace)
    if desk.everything() != before:
        undo(desk)
    assert desk.everything() == before
    desk.warehouse.close()
