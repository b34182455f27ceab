"""The reference pages that follow from the code: run as a module, it writes them; a test holds them current."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from nextplay.cli.main import nextplay
from nextplay.facts.contract import BY_NAME, FactTable, Kind
from nextplay.program.definition import Program
from nextplay.signals.names import SIGNALS
from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs" / "reference"
BEGIN, END = "<!-- written by make docs -->", "<!-- end -->"


def commands(command: click.Command = nextplay, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups left out."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(("nextplay", *path)), command


def cli_page() -> str:
    """A section a command: what its `--help` says."""
    parts = [
        "# Commands\n\nWritten by `make docs` from what each command's `--help` says. "
        "Every command takes `--home` and `--debug`. "
        "Standard output holds the answer alone; progress and remarks go to standard error. "
        "The exit code is 0 when done, 1 when not, 2 when asked wrongly.\n"
    ]
    for name, command in commands():
        shown = command.get_help(click.Context(command, info_name=name, terminal_width=100))
        parts.append(f"## {name}\n\n```\n{shown}\n```\n")
    return "\n".join(parts)


def facts_tables() -> str:
    """A table a table of the contract."""
    return "\n\n".join(_facts_table(table) for table in BY_NAME.values())


def _facts_table(table: FactTable) -> str:
    rows = [f"## {table.name}", "", "| Column | Holds | Accepted |", "| --- | --- | --- |"]
    for column in table.columns:
        name = f"**{column.name}**" if column.required else column.name
        accepted = ", ".join(column.accepted)
        if column.at_least is not None:
            accepted = f"{column.at_least:g} or more"
        if column.refers_to:
            accepted = f"a key of {column.refers_to}" + ("" if column.required else ", or empty")
        if column.name == table.key and column.kind is Kind.TEXT:
            accepted = "unique"
        rows.append(f"| {name} | {column.kind} | {accepted} |")
    return "\n".join(rows)


def program_keys() -> str:
    """A section a part of the definition, from its JSON Schema."""
    schema = Program.model_json_schema()
    return "\n\n".join(_part(name, part) for name, part in [("Program", schema), *schema["$defs"].items()])


def _part(name: str, part: dict[str, Any]) -> str:
    about = part.get("description", "").replace("\n", " ")
    rows = [f"## {name}", "", about, "", "| Key | Holds | Default |", "| --- | --- | --- |"]
    for key, value in part["properties"].items():
        default = "required" if key in part.get("required", ()) else f"`{value.get('default')}`"
        rows.append(f"| `{key}` | {_kind(value)} | {default} |")
    return "\n".join(rows)


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in value or "const" in value:
        return ", ".join(f"`{one}`" for one in value.get("enum", [value.get("const")]))
    if "anyOf" in value:
        return " or ".join(_kind(one) for one in value["anyOf"] if one.get("type") != "null")
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}" if "items" in value else "list"
    if value.get("type") == "object" and isinstance(inside := value.get("additionalProperties"), dict):
        return f"mapping of names to {_kind(inside)}"
    return str({"string": "text", "integer": "whole number", "boolean": "true or false"}.get(value["type"], value["type"]))


def signals_page() -> str:
    """A table a window: every signal with its unit and its formula."""
    parts = [
        "# Signals\n\nWritten by `make docs` from the catalogue in the code. Each is a number of one partner on one day; "
        "windows end with that day. `nextplay signals PARTNER` shows them, `--rows SIGNAL` the rows that give the number. "
        "What cannot be known is empty, never 0.\n"
    ]
    windows = sorted({signal.window_days for signal in SIGNALS}, key=lambda days: days or 0)
    for days in windows:
        parts.append(f"## {f'Over {days} days' if days else 'On the day, or over all time'}\n")
        rows = [f"| `{one.name}` | {one.unit} | {one.formula} |" for one in SIGNALS if one.window_days == days]
        parts.append("\n".join(["| Signal | Unit | Formula |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


def within(path: Path, written: str) -> str:
    """A page with the written part put between its marks."""
    text = path.read_text(encoding="utf-8")
    return re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n\n{written}\n\n{END}", text, flags=re.DOTALL)


def pages() -> dict[Path, str]:
    """Every such page as it should be."""
    return {
        FOLDER / "cli.md": cli_page(),
        FOLDER / "facts.md": within(FOLDER / "facts.md", facts_tables()),
        FOLDER / "signals.md": signals_page(),
        FOLDER / "program.md": within(FOLDER / "program.md", program_keys()),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
