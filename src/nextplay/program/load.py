"""Reads a program file: YAML over the default program, with errors that name the line and what is accepted there."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from nextplay.program.definition import Program


class ProgramError(ValueError):
    """A program file that cannot be used: every problem with its line."""


def default_text() -> str:
    """The shipped program file, with a comment on every number."""
    return (files("nextplay.program") / "default.yaml").read_text(encoding="utf-8")


@cache
def default_program() -> Program:
    """The shipped program."""
    return Program.model_validate(_plain(_parse(default_text(), "default.yaml")))


def load_program(path: Path) -> Program:
    """Read a program file; what it does not name comes from the default. Raises ProgramError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProgramError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ProgramError(f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    return read_program(text, str(path))


def read_program(text: str, source: str) -> Program:
    """The same from text; `source` names it in errors. Raises ProgramError."""
    given = _parse(text, source)
    base = _plain(_parse(default_text(), "default.yaml"))
    try:
        return Program.model_validate(_over(base, _plain(given)))
    except ValidationError as error:
        problems = [_sentence(problem, given, source) for problem in error.errors()]
        raise ProgramError("\n".join(problems)) from error


def _parse(text: str, source: str) -> Mapping[str, Any]:
    try:
        read = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProgramError(f"{source}, line {line}: not valid YAML: {error.problem}.") from error
    if read is None:
        return {}
    if not isinstance(read, Mapping):
        raise ProgramError(f"{source}, line 1: a program file is a mapping such as `name: My program`.")
    return read


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node


def _over(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Mappings merge key by key; a list, once named, replaces the default's."""
    merged = dict(base)
    for key, value in given.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _over(base[key], value) if both else value
    return merged


def _sentence(problem: Any, given: Mapping[str, Any], source: str) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    got = problem.get("input")
    shown = f" (got {got!r})" if isinstance(got, str | int | float | bool) else ""
    return f"{source}, line {_line_of(problem['loc'], given)}: {place or 'program'}: {problem['msg']}{shown}."


def _line_of(location: tuple[int | str, ...], given: Any) -> int:
    """Line of the deepest part of the location that the file itself holds."""
    line, node = 1, given
    for part in location:
        marks = getattr(node, "lc", None)
        present = (isinstance(node, Mapping) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        )
        if marks is None or not present:
            break
        line = (marks.key(part) if isinstance(node, Mapping) else marks.item(part))[0] + 1
        node = node[part]
    return line
