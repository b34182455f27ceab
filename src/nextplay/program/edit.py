"""Changes single values of a program file and leaves the rest of its text, comments and all, as it is."""

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from nextplay.program.definition import Program
from nextplay.program.load import default_text, read_program


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The file with these values, each named by its place such as `chance.holdout_share`.

    Raises ProgramError for a bad file.
    """
    document = _document(text)
    for place, value in values.items():
        *above, name = place.split(".")
        node = document
        for part in above:
            node = node.setdefault(part, CommentedMap())
        node[name] = value
    return _written(document)


def with_hours(text: str, hours: Mapping[str, float | None]) -> str:
    """The file with these hours a month by manager's address; None: the stated default. Raises ProgramError for a bad file."""
    document = _document(text)
    managers = document.setdefault("capacity", CommentedMap()).setdefault("managers", [])
    for email, given in hours.items():
        found = next((one for one in managers if str(one["email"]).lower() == email.lower()), None)
        if found is None and given is not None:
            found = CommentedMap(email=email)
            managers.append(found)
        if found is not None:
            found.pop("hours", None)
            if given is not None:
                found["hours"] = int(given) if given == int(given) else given
    return _written(document)


def first_win_days(program: Program) -> int | None:
    """Days within which the first play counts a first deal as its outcome; None where it counts something else."""
    predicate = program.plays[0].outcome.predicate
    return predicate.window_days if predicate.event == "deal_opened" and predicate.at_least == 1 else None


def with_first_win(text: str, days: int) -> str:
    """The file with its first play's outcome a first deal within so many days; plays that it does not name become its own.

    Raises ProgramError for a bad file.
    """
    document = _document(text)
    if "plays" not in document:
        document["plays"] = _yaml().load(default_text())["plays"]
    outcome = document["plays"][0]["outcome"]
    outcome["name"] = f"A first deal opened within {days} days"
    outcome["predicate"]["window_days"] = days
    return _written(document)


def _document(text: str) -> CommentedMap:
    # What cannot be a program is refused with its line before anything is changed in it.
    read_program(text, "program.yaml")
    read = _yaml().load(text)
    return CommentedMap() if read is None else read


def _written(document: CommentedMap) -> str:
    written = io.StringIO()
    _yaml().dump(document, written)
    return written.getvalue()


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    # As wide as the shipped file's widest line: what was one line stays one.
    yaml.width = 400
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
