import pytest

from nextplay.web.jobs_shown import analysis_sentence, import_sentence, sentence_of, steps_of


def test_running_work_says_what_it_does() -> None:
    assert sentence_of("import_facts", "running", "checking deals", {}) == "Checking deals. You can leave this page."
    assert sentence_of("import_facts", "running", "", {}) == "At work. You can leave this page."


@pytest.mark.parametrize("state", ["failed", "interrupted"])
def test_work_that_did_not_end_well_says_that_nothing_changed(state: str) -> None:
    assert "othing was changed" in sentence_of("import_facts", state, "", {})


@pytest.mark.parametrize("state", ["cancelled", "failed", "interrupted"])
def test_a_refresh_that_had_begun_says_that_what_was_kept_stays(state: str) -> None:
    assert "What was kept by then stays." in sentence_of("analyze", state, "Keeping scores and evidence", {})
    assert "othing was changed" in sentence_of("analyze", state, "", {})
    assert "othing was changed" in sentence_of("import_facts", state, "Checking deals", {})


def test_an_import_tells_its_sums_and_leaves_zeros_out() -> None:
    tables = [{"added": 1200, "updated": 2, "rejected": 0}, {"added": 3, "rejected": 14}]
    assert import_sentence(tables) == "Rows: 1,203 added, 2 updated, 14 left out."


def test_an_import_without_rows_says_so() -> None:
    assert import_sentence([]) == "The files held no rows."
    assert import_sentence([{"added": 0}]) == "The files held no rows."


def test_a_proposal_tells_how_many_and_for_when() -> None:
    assert sentence_of("decide", "done", "", {"cycle": "2026-11", "focus": [{}, {}]}) == "2 partners proposed for 2026-11."


def test_scores_moved_without_new_rows_are_not_put_down_to_the_program_alone() -> None:
    result = {"partners_read": 5, "changed": 2, "new": 0, "own_evidence": 0, "program_moved": 2, "unchanged": 3}
    why = "2 on the same counts, as rows grew older or the program or what is usual in it changed"
    assert analysis_sentence(result) == f"5 partners read: {why}, 3 as before."


@pytest.mark.parametrize(
    ("share", "done", "now"), [(0.0, 0, 0), (0.1, 1, 1), (0.4, 2, 2), (0.65, 3, 3), (0.9, 4, 4), (1.0, 5, None)]
)
def test_steps_of_a_refresh_stand_behind_it_one_after_the_other(share: float, done: int, now: int | None) -> None:
    states = [step.state for step in steps_of(share, begun=True)]
    assert states == ["ok"] * done + (["now"] if now is not None else []) + [""] * (5 - done - (now is not None))


def test_of_a_refresh_that_waits_no_step_has_begun() -> None:
    assert {step.state for step in steps_of(0.0, begun=False)} == {""}
