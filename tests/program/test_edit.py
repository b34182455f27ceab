"""Changing single values of a program file."""

import pytest

from nextplay.facts.sample.program import sample_program_text
from nextplay.program.edit import with_hours, with_values
from nextplay.program.load import ProgramError, default_text, read_program

INES = "ines.quillon@quillharbor.example"


def test_hours_change_and_every_other_line_stays() -> None:
    before = sample_program_text()
    after = with_hours(before, {INES: 30})
    changed = [(was, now) for was, now in zip(before.splitlines(), after.splitlines(), strict=True) if was != now]
    assert len(changed) == 1
    assert "30" in changed[0][1]
    assert read_program(after, "x").capacity.hours_of(INES) == 30


def test_hours_of_a_manager_who_stood_nowhere_are_added_and_an_empty_one_falls_back() -> None:
    text = with_hours("name: Mine\n", {"eve@x.example": 7.5, INES: None})
    assert read_program(text, "x").capacity.hours_of("EVE@x.example") == 7.5
    assert INES not in text
    assert read_program(with_hours(text, {"eve@x.example": None}), "x").capacity.hours_of("eve@x.example") == 24


def test_a_value_is_set_by_its_place_also_where_nothing_stood() -> None:
    text = with_values("# ours\nname: Mine\n", {"chance.holdout_share": 0.2, "capacity.default_hours": 18})
    program = read_program(text, "x")
    assert (program.name, program.chance.holdout_share, program.capacity.default_hours) == ("Mine", 0.2, 18)
    assert text.startswith("# ours\n")
    assert read_program(with_values(default_text(), {"chance.holdout_share": 0.2}), "x").chance.holdout_share == 0.2


def test_a_file_that_cannot_be_used_is_refused_with_its_line() -> None:
    with pytest.raises(ProgramError, match="line 2"):
        with_hours("name: Mine\ncurrency: usd\n", {INES: 1})
