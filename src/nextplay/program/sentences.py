"""What is wrong with a value of a program file, said so that one can mend it."""

import types
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from nextplay.program.definition import Program

_CURRENCY = "^[A-Z]{3}$"
_NAME = "^[a-z][a-z0-9_]*$"
_LIMITS = {
    "greater_than_equal": ("ge", "a number of at least"),
    "greater_than": ("gt", "a number above"),
    "less_than_equal": ("le", "a number of at most"),
    "less_than": ("lt", "a number below"),
}
_KINDS = {
    "string_type": "write text; put it in quotes where it looks like a number or a day",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "decimal_parsing": "write a number",
    "decimal_type": "write a number",
    "tuple_type": "write a list, each entry on a line of its own after a dash",
    "model_type": "write a mapping of keys and values",
    "dict_type": "write a mapping of keys and values",
    "missing": "is missing; name it",
    "too_short": "name at least one",
}


def said(problem: Any) -> str:
    """A sentence without the place, from one of Pydantic's error descriptions."""
    kind, context = problem["type"], problem.get("ctx", {})
    got = problem.get("input")
    shown = f" (got {got!r})" if isinstance(got, str | int | float | bool) else ""
    if kind == "extra_forbidden":
        return _unknown_key(problem["loc"])
    if kind == "string_pattern_mismatch":
        return f"{_pattern(context['pattern'])}{shown}."
    if kind == "literal_error":
        return f"write one of {context['expected']}{shown}."
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"write {words} {context[key]}{shown}."
    message = _KINDS.get(kind, str(problem["msg"]).removeprefix("Value error, "))
    return f"{message}{shown}."


def _pattern(pattern: str) -> str:
    if pattern == _CURRENCY:
        return "write a three-letter code such as USD"
    if pattern == _NAME:
        return "write a name of small letters, digits and underscores, such as first_selling_play"
    return f"write what fits {pattern}"


def _unknown_key(location: tuple[int | str, ...]) -> str:
    key, accepted = str(location[-1]), sorted(_accepted(location[:-1]))
    if not accepted:
        return "no such key."
    near = get_close_matches(key, accepted, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"no such key.{hint} Accepted: {', '.join(accepted)}."


def _accepted(location: tuple[int | str, ...]) -> set[str]:
    """Keys of the part of the definition at a place."""
    parts: list[type[BaseModel]] = [Program]
    for step in location:
        if isinstance(step, str):
            fields = [part.model_fields[step].annotation for part in parts if step in part.model_fields]
            parts = [model for field in fields for model in _models(field)]
    return {name for part in parts for name in part.model_fields}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, tuple, list) or hasattr(annotation, "__metadata__"):
        for inner in get_args(annotation):
            yield from _models(inner)
