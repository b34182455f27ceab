"""Whether the tests that a program puts on signals can be read: the signal exists, and operator and value fit its type."""

from collections.abc import Iterator
from difflib import get_close_matches
from math import isfinite

from nextplay.program.definition import Program
from nextplay.program.load import refuse
from nextplay.program.plays import Condition, Play
from nextplay.signals.names import BY_NAME, FROM_FACTS, OF_PARTNERS

_OF_FACTS = frozenset(signal.name for signal in FROM_FACTS)
_OF_PARTNERS = frozenset(signal.name for signal in OF_PARTNERS)
_LISTED = "All are listed in docs/reference/signals.md."


def check_program(program: Program) -> list[str]:
    """Sentences about plays whose tests cannot be read: what is wrong, where, and how to mend it; none where all is well."""
    return [
        f"play {play.name}: {part} {problem}"
        for play in program.plays
        for part, test, accepted in _tests_of(play)
        if (problem := _problem(test, accepted))
    ]


def require_readable(program: Program, source: str) -> None:
    """Raise ProgramError with every such sentence: a file may have come into the home, or be tried, without being checked."""
    refuse(check_program(program), source)


def _tests_of(play: Play) -> Iterator[tuple[str, Condition, frozenset[str]]]:
    """Where a test stands, the test, and the signals that are known when it is read."""
    yield from (("eligibility", test, _OF_PARTNERS) for test in play.eligibility)
    yield from (("less_for", test, _OF_FACTS) for one in play.less_for for test in one.where)


def _problem(test: Condition, accepted: frozenset[str]) -> str:
    if test.signal not in accepted:
        return f"names the signal {test.signal!r}, which {_instead_of(test.signal, accepted)} {_LISTED}"
    if test.op in ("known", "unknown"):
        return ""
    text = BY_NAME[test.signal].unit == "text"
    mend = _mend_text(test) if text else _mend_number(test)
    kind = "text" if text else "a number"
    got = "without a value" if test.value is None else f"with {_written(test)}"
    return f"tests the signal {test.signal!r}, which is {kind}, by {test.op} {got}. {mend}" if mend else ""


def _instead_of(name: str, accepted: frozenset[str]) -> str:
    if name in BY_NAME:
        return "is not known yet when that is read. Name one that follows from facts."
    near = get_close_matches(name, sorted(accepted), n=3)
    return f"does not exist. Did you mean {' or '.join(near)}?" if near else "does not exist."


def _mend_text(test: Condition) -> str:
    if test.op not in ("equals", "is_in"):
        return "Use the operator equals, is_in, known or unknown."
    if test.op == "equals" and not isinstance(test.value, str):
        return "Write one text as its value, in quotes where it looks like a number; for several use is_in."
    if test.op == "is_in" and (not test.value or isinstance(test.value, float)):
        return "Write a list of texts as its value, such as [a, b]."
    return ""


def _mend_number(test: Condition) -> str:
    if test.op == "is_in":
        return "Use the operator equals, gte, gt, lte, lt, known or unknown."
    if not isinstance(test.value, int | float) or not isfinite(test.value):
        return "Write one number as its value, without quotes."
    return ""


def _written(test: Condition) -> str:
    if isinstance(test.value, tuple):
        return f"[{', '.join(test.value)}]"
    return repr(test.value)
