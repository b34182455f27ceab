"""The catalogue of signals."""

from nextplay.facts.contract import ACTIVITY_KINDS, SELLING_KINDS, VANITY_KINDS
from nextplay.signals.names import BY_NAME, KINDS, SIGNALS, WILL_KINDS


def test_every_known_kind_of_the_contract_is_counted() -> None:
    assert KINDS == ACTIVITY_KINDS


def test_no_signal_is_named_twice_and_each_says_its_formula() -> None:
    assert len(BY_NAME) == len(SIGNALS)
    assert all(signal.formula for signal in SIGNALS)


def test_busy_kinds_are_neither_selling_nor_will() -> None:
    assert not set(VANITY_KINDS) & {*SELLING_KINDS, *WILL_KINDS}
