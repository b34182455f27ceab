"""Running a verb that needs the facts: here, or in the process that holds them, with the same answer."""

from typing import Any

from nextplay.cli.answer import progress
from nextplay.cli.verb import Asked, moment
from nextplay.values.late import load_late


def run(asked: Asked, verb: str, **arguments: Any) -> dict[str, Any]:
    """The verb's answer. Arguments that were not given are left out, so that the operation's own defaults hold."""
    # None of these is needed where the questions were asked before and the facts are in a file.
    load_late("ibis", "psycopg")
    home = asked.open()
    from nextplay.operations.background.jobs import run_verb
    from nextplay.operations.viewer import OPERATOR

    given = {name: value for name, value in arguments.items() if value is not None}
    with progress() as tell:
        return run_verb(home, verb, given, actor=OPERATOR.email, now=moment(), progress=tell)
