"""What an import would do, as its page draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nextplay.web import figures

NUMBERS = (
    ("added", "added"),
    ("updated", "updated"),
    ("removed", "removed"),
    ("unchanged", "unchanged"),
    ("rejected", "left out"),
)
SAMPLES = (("added", "New"), ("updated", "Changed"), ("removed", "Removed"))
TONES = {"met": "green", "missed": "orange", "open": "grey"}
# As many columns as a sentence holds.
MOST_COLUMNS = 6
UNDO = "An import can be undone until something else changes the facts."


@dataclass(frozen=True)
class ShownTable:
    """One table: counts with their words, and sample rows under a heading with how many more there are."""

    name: str
    sentence: str
    numbers: tuple[tuple[str, int], ...]
    samples: tuple[tuple[str, list[Mapping[str, Any]], int], ...]
    refused: list[Mapping[str, Any]]


@dataclass(frozen=True)
class ShownForecast:
    """The whole forecast; `rows` would be loaded, and `changes` says whether any would make a difference."""

    tables: tuple[ShownTable, ...]
    outcomes: list[dict[str, Any]]
    moves: str
    rows: int
    changes: bool
    undo: str = UNDO


def shown_forecast(result: Mapping[str, Any]) -> ShownForecast:
    """From the answer of `forecast_import`."""
    tables, outcomes = result["tables"], result["outcomes"]
    changes = any(table[key] for table in tables for key in ("added", "updated", "removed"))
    return ShownForecast(
        tables=tuple(_table(table) for table in tables),
        outcomes=[{**one, "tone": TONES.get(one["becomes"], "grey")} for one in outcomes],
        moves=_moves(outcomes),
        rows=sum(table["read"] - table["rejected"] for table in tables),
        changes=changes,
    )


def _table(table: Mapping[str, Any]) -> ShownTable:
    return ShownTable(
        name=table["table"],
        sentence=_sentence(table),
        numbers=tuple((label, table[key]) for key, label in NUMBERS if table[key] or key in ("added", "updated", "removed")),
        samples=tuple(
            (f"{label} rows", rows, table[done] - len(rows))
            for done, label in SAMPLES
            if (rows := [one for one in table["samples"] if one["done"] == done])
        ),
        refused=table["refused"],
    )


def _sentence(table: Mapping[str, Any]) -> str:
    """Which columns change, in how many rows."""
    named = [f"{figures.words(name).lower()} of {figures.count(rows)}" for name, rows in table["changed"][:MOST_COLUMNS]]
    more = ", and more" if len(table["changed"]) > MOST_COLUMNS else ""
    read = f"{figures.many(table['read'], 'row')} read."
    return f"{read} Changes {', '.join(named)}{more}." if named else read


def _moves(outcomes: list[Mapping[str, Any]]) -> str:
    if not outcomes:
        return "None: no committed decision would close or open by it."
    closing = sum(one["was"] == "open" for one in outcomes)
    parts = [(closing, "would close"), (len(outcomes) - closing, "would end otherwise than it did")]
    return ", ".join(f"{figures.many(number, 'decision')} {words}" for number, words in parts if number) + "."
