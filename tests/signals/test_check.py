"""A program whose plays test what cannot be read is refused with what is wrong, where, and how to mend it."""

import pytest

from nextplay.program.definition import Program
from nextplay.program.plays import Condition, LessFor
from nextplay.signals.check import check_program

PARTS = ("eligibility", "less_for")


def _sentences(program: Program, part: str, test: Condition) -> list[str]:
    tests = (test,) if part == "eligibility" else (LessFor(leaves=0.5, because="x", where=(test,)),)
    play = program.plays[0].model_copy(update={part: tests})
    return check_program(program.model_copy(update={"plays": (play,)}))


def test_the_shipped_program_tests_only_what_can_be_read(program: Program) -> None:
    assert check_program(program) == []


@pytest.mark.parametrize("part", PARTS)
def test_an_unknown_signal_is_named_with_the_closest_and_where_all_stand(program: Program, part: str) -> None:
    [sentence] = _sentences(program, part, Condition(signal="seling_90", op="gte", value=1))
    assert sentence.startswith(f"play {program.plays[0].name}: {part} names the signal 'seling_90', which does not exist.")
    assert "Did you mean selling_90" in sentence
    assert "docs/reference/signals" in sentence
    assert len(sentence) < 250


def test_what_the_decision_itself_makes_cannot_say_for_whom_a_play_is_worth_less(program: Program) -> None:
    test = Condition(signal="does_its_part", op="gte", value=1)
    assert _sentences(program, "eligibility", test) == []
    [sentence] = _sentences(program, "less_for", test)
    assert "'does_its_part', which is not known yet when that is read. Name one that follows" in sentence


@pytest.mark.parametrize("part", PARTS)
def test_what_is_known_of_a_play_only_when_it_is_weighed_is_no_condition(program: Program, part: str) -> None:
    [sentence] = _sentences(program, part, Condition(signal="extra_deals", op="gte", value=1))
    assert "'extra_deals', which is not known yet when that is read. Name one that follows" in sentence


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("signal", "op", "value", "mend"),
    [
        ("silence", "lte", "high", "Write one number"),
        ("silence", "lte", None, "without a value. Write one number"),
        ("silence", "equals", float("nan"), "Write one number"),
        ("silence", "gte", float("inf"), "Write one number"),
        ("silence", "gte", ("1", "2"), "with [1, 2]. Write one number"),
        ("selling_90", "is_in", ("1",), "Use the operator equals"),
        ("lead_seller", "gte", 2.0, "Use the operator equals, is_in"),
        ("segment", "lt", "b", "Use the operator equals, is_in"),
        ("segment", "equals", 2.0, "Write one text"),
        ("segment", "equals", ("a", "b"), "for several use is_in"),
        ("segment", "equals", None, "Write one text"),
        ("segment", "is_in", (), "Write a list of texts"),
        ("segment", "is_in", 2.0, "Write a list of texts"),
    ],
)
def test_an_operator_or_value_that_does_not_fit_the_signal_is_refused(
    program: Program, part: str, signal: str, op: str, value: float | str | tuple[str, ...] | None, mend: str
) -> None:
    [sentence] = _sentences(program, part, Condition.model_validate({"signal": signal, "op": op, "value": value}))
    assert sentence.startswith(f"play {program.plays[0].name}: {part} tests the signal {signal!r}, which is ")
    assert mend in sentence


@pytest.mark.parametrize(
    ("signal", "op", "value"),
    [
        ("silence", "lte", 1.5),
        ("workable", "equals", 1),
        ("segment", "equals", "Growth"),
        ("lifecycle_stage", "is_in", ("signed", "active")),
        ("lifecycle_stage", "is_in", "signed"),
        ("lead_seller", "known", None),
        ("silence", "unknown", None),
    ],
)
def test_what_fits_is_accepted(program: Program, signal: str, op: str, value: float | str | tuple[str, ...] | None) -> None:
    test = Condition.model_validate({"signal": signal, "op": op, "value": value})
    assert [_sentences(program, part, test) for part in PARTS] == [[], []]
