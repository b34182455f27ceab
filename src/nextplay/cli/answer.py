"""How a command answers: the answer alone on standard output, everything else on standard error."""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from nextplay.values.progress import Progress

WIDTH = 28


def answer(text: str) -> None:
    """What was asked for."""
    click.echo(text)


def answer_json(value: object) -> None:
    """The same for programs: two spaces, every character as it is, keys in the order of the contract."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def tell(text: str) -> None:
    """Something beside the answer."""
    click.echo(text, err=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns aligned for a terminal; numbers to the right. What a partner wrote cannot steer the terminal."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[place]) for line in [list(headings), *cells]) for place in range(len(headings))]
    right = [
        bool(rows) and all(isinstance(row[place], int | float) or row[place] is None for row in rows)
        for place in range(len(headings))
    ]
    lines = [list(headings), ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return printable(str(value))


def printable(text: str) -> str:
    """Text without the characters that would move the cursor, colour the terminal or break the line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


@contextmanager
def progress() -> Iterator[Progress]:
    """Tell how far long work is: a bar in a terminal, a line a stage elsewhere."""
    teller = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        yield teller.tell
    finally:
        teller.end()


class _Lines:
    def __init__(self) -> None:
        self.last = ""

    def tell(self, _share: float, doing: str) -> None:
        if doing and doing != self.last:
            tell(printable(doing))
            self.last = doing

    def end(self) -> None:
        """Nothing is left open."""


class _Bar:
    def __init__(self) -> None:
        self.drawn = 0
        # What came of it is not wiped away with the bar.
        self.ended = ""

    def tell(self, share: float, doing: str) -> None:
        self.ended = doing if share >= 1 else ""
        filled = round(max(0.0, min(share, 1.0)) * WIDTH)
        room = max(shutil.get_terminal_size().columns - WIDTH - 9, 10)
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%} {printable(doing)[:room]}"
        click.echo(f"\r{line.ljust(self.drawn)}", err=True, nl=False)
        self.drawn = len(line)

    def end(self) -> None:
        if self.drawn:
            click.echo(f"\r{' ' * self.drawn}\r", err=True, nl=False)
        if self.ended:
            tell(printable(self.ended))
