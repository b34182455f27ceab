"""Reads a program file: YAML over the default program, with errors that name the line and what is accepted there."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from nextplay.program.definition import Program
from nextplay.program.sentences import said

# The shipped file, with every comment, has a fiftieth of this.
_LARGEST = 1_000_000
# The definition itself goes six levels down.
_DEEPEST = 20


class ProgramError(ValueError):
    """A program file that cannot be used: every problem with its line."""


def default_text() -> str:
    """The shipped program file, with a comment on every number."""
    return (files("nextplay.program") / "default.yaml").read_text(encoding="utf-8")


@cache
def default_program() -> Program:
    """The shipped program."""
    return Program.model_validate(_shipped())


@cache
def _shipped() -> dict[str, Any]:
    # It is ours: no traps to look for, and no lines to name.
    values: dict[str, Any] = YAML(typ="safe", pure=True).load(default_text())
    return values


def refuse(problems: Iterable[str], source: str) -> None:
    """Raise ProgramError with every problem, if there is any; `source` names the program."""
    if told := [f"{source}: {problem}" for problem in problems]:
        raise ProgramError("\n".join(told))


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
    try:
        program = Program.model_validate(_over(_shipped(), _plain(given)))
    except ValidationError as error:
        problems = [_sentence(problem, given, source) for problem in _first_causes(error.errors())]
        raise ProgramError("\n".join(problems)) from error
    return _with_strengths_of_its_rubric(program, given, source)


def program_schema() -> dict[str, Any]:
    """JSON Schema of a program file, for editors. Nothing is required at the top: the default fills what is not named."""
    schema = Program.model_json_schema()
    schema.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "nextplay program definition"}


def _parse(text: str, source: str) -> Mapping[str, Any]:
    if len(text) > _LARGEST:
        raise ProgramError(f"{source}: has {len(text):,} characters; a program file has at most {_LARGEST:,}.")
    try:
        _refuse_traps(text, source)
        read = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProgramError(f"{source}, line {line}: {_not_yaml(error)}") from error
    except (YAMLError, ValueError) as error:
        raise ProgramError(f"{source}, line 1: not valid YAML: {error}.") from error
    if read is None:
        return {}
    if not isinstance(read, Mapping):
        raise ProgramError(f"{source}, line 1: a program file is a mapping such as `name: My program`.")
    return read


def _refuse_traps(text: str, source: str) -> None:
    """A few lines of aliases to aliases unfold into gigabytes; a merged key hides its line; deep nesting takes minutes."""
    depth = 0
    for event in YAML(typ="rt").parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise ProgramError(f"{source}, line {line}: *{event.anchor} refers to another place. Write the values out here.")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST:
            raise ProgramError(f"{source}, line {line}: is nested too deeply for a program file.")


def _not_yaml(error: MarkedYAMLError) -> str:
    problem = str(error.problem)
    if isinstance(error, DuplicateKeyError):
        key = problem.partition(" with value")[0].replace("found duplicate key", "the key")
        return f"{key} is named twice. Keep one."
    if "\\t" in problem:
        return "a tab stands where YAML wants spaces. Indent with spaces."
    return f"not valid YAML: {problem}."


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


def _with_strengths_of_its_rubric(program: Program, given: Mapping[str, Any], source: str) -> Program:
    """Of the default's strengths, those that the file's own rubric still bears out. One the file names must rest on it."""
    read = {one.name for _, one in program.rubric.named}
    if "strengths" not in given:
        return program.model_copy(update={"strengths": tuple(one for one in program.strengths if one.criterion in read)})
    accepted = ", ".join(sorted(read))
    problems = [
        f"{source}, line {_line_of(('strengths', place, 'criterion'), given)}: strengths.{place}.criterion: "
        f"the rubric does not name {one.criterion!r}. Accepted: {accepted}."
        for place, one in enumerate(program.strengths)
        if one.criterion not in read
    ]
    if problems:
        raise ProgramError("\n".join(problems))
    return program


def _first_causes(problems: Sequence[Any]) -> list[Any]:
    """Without lists that only are too short because an entry of theirs is wrong, which is said by itself."""
    return [
        one
        for one in problems
        if one["type"] != "too_short"
        or not any(len(other["loc"]) > len(one["loc"]) and other["loc"][: len(one["loc"])] == one["loc"] for other in problems)
    ]


def _sentence(problem: Any, given: Mapping[str, Any], source: str) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    return f"{source}, line {_line_of(problem['loc'], given)}: {place or 'program'}: {said(problem)}"


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
