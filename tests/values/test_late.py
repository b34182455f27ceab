"""Loading late, each in a process of its own: what a process has loaded cannot be loaded late any more."""

import subprocess
import sys

import pytest


def said(program: str) -> list[str]:
    """What a process prints."""
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return run.stdout.split()


@pytest.mark.parametrize("used", ["wsgiref.simple_server", "wsgiref.util"])
def test_a_library_imported_twice_is_loaded_only_when_a_part_of_it_is_used(used: str) -> None:
    program = f"""
import sys
from nextplay.values.late import load_late
load_late("wsgiref", "fractions")
import fractions, wsgiref
import fractions
print("decimal" in sys.modules, fractions.Fraction(1, 2), "decimal" in sys.modules)
print("{used}" in sys.modules)
import {used}
print({used}.__name__, type(wsgiref).__name__)
"""

    assert said(program) == ["False", "1/2", "True", "False", used, "module"]


def test_with_several_threads_or_what_is_not_there_nothing_is_loaded_late() -> None:
    program = """
import sys, threading
from nextplay.values.late import load_late
load_late("no_such_library")
print("no_such_library" in sys.modules)
done = threading.Event()
other = threading.Thread(target=done.wait)
other.start()
load_late("fractions")
print("fractions" in sys.modules)
done.set()
"""

    assert said(program) == ["False", "False"]
