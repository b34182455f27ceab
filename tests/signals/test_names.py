"""The catalogue of signals, and the check of a program against it."""

from nextplay.facts.contract import ACTIVITY_KINDS, SELLING_KINDS, VANITY_KINDS
from nextplay.program.definition import Program
from nextplay.program.plays import Condition
from nextplay.signals.names import BY_NAME, KINDS, SIGNALS, WILL_KINDS, check_program


def test_every_known_kind_of_the_contract_is_counted() -> None:
    assert KINDS == ACTIVITY_KINDS


def test_no_signal_is_named_twice_and_each_says_its_formula() -> None:
    assert len(BY_NAME) == len(SIGNALS)
    assert all(signal.formula for signal in SIGNALS)


def test_busy_kinds_are_neither_selling_nor_will() -> None:
    assert not set(VANITY_KINDS) & {*SELLING_KINDS, *WILL_KINDS}


def test_the_shipped_program_tests_only_signals_there_are(program: Program) -> None:
    assert check_program(program) == []


def test_a_play_that_tests_an_unknown_signal_is_named_with_what_is_accepted(program: Program) -> None:
    wrong = program.plays[0].model_copy(update={"eligibility": (Condition(signal="shoe_size", op="gte", value=44),)})
    [sentence] = check_program(program.model_copy(update={"plays": (wrong,)}))
    assert wrong.name in sentence
    assert "'shoe_size'" in sentence
    assert "selling_90" in sentence
