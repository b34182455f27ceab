"""Which column of a file is which column of the contract: given, remembered from last time, or guessed."""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from nextplay.facts.contract import BY_NAME, FactTable
from nextplay.facts.intake.synonyms import SYNONYMS
from nextplay.facts.intake.unreadable import UnreadableFile

DateOrder = Literal["day_first", "month_first"]
Origin = Literal["given", "remembered", "same name", "guessed", "not used"]

# What an import adds to the rows it hands back: ignored when the mended file comes in again.
REJECTED_COLUMNS = ("rejected_file", "rejected_line", "rejected_column", "rejected_value", "rejected_reason")
OBSERVED = "observed_at"


@dataclass(frozen=True)
class ColumnMapping:
    """How one kind of file is read into a table.

    `columns` goes from the file's name to ours, or to None for one to leave out; `values` from a column of ours and a
    word of the file to the word we accept; `dates` says which comes first in dates such as 03/04/2025.
    """

    table: str
    columns: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: dict[str, DateOrder] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """One column of a file, what it was taken for, and how sure that is (0 to 1)."""

    column: str
    means: str | None
    confidence: float
    origin: Origin


def match_columns(table: FactTable, header: list[str], given: ColumnMapping | None, saved: ColumnMapping | None) -> list[Match]:
    """A match for every column of the header. No column of ours is taken twice: the surest wins, then the first."""
    said = given.columns if given else {}
    remembered = saved.columns if saved else {}
    candidates = [_candidate(table, name, said, remembered) for name in header]
    taken: dict[str, str] = {}
    for match in sorted(candidates, key=lambda match: -match.confidence):
        if match.means is not None:
            taken.setdefault(match.means, match.column)
    return [
        match if match.means is None or taken[match.means] == match.column else Match(match.column, None, 0.0, "not used")
        for match in candidates
    ]


def _candidate(table: FactTable, name: str, said: dict[str, str | None], remembered: dict[str, str | None]) -> Match:
    if name in said:
        return Match(name, said[name], 1.0, "given")
    if name in remembered:
        return Match(name, remembered[name], 0.99, "remembered")
    means, confidence = _guess(table, name)
    if means is None:
        return Match(name, None, 0.0, "not used")
    return Match(name, means, confidence, "same name" if confidence > 0.95 else "guessed")


def _guess(table: FactTable, name: str) -> tuple[str | None, float]:
    if name in REJECTED_COLUMNS:
        return None, 0.0
    ours = {column.name for column in table.columns} | {OBSERVED}
    if name in ours:
        return name, 0.98
    plain = normal_name(name)
    if plain in ours:
        return plain, 0.96
    synonyms = SYNONYMS[table.name]
    if plain in synonyms:
        return synonyms[plain], 0.9
    for variant in _variants(plain, table.name):
        if variant in ours or variant in synonyms:
            return synonyms.get(variant, variant), 0.75
    return None, 0.0


def _variants(plain: str, table: str) -> list[str]:
    singular = {"activities": "activity"}.get(table, table.removesuffix("s"))
    shorter = [plain.removeprefix(f"{singular}_"), plain.removeprefix(f"{table}_"), plain.removesuffix("_c")]
    dated = [re.sub(r"(_date|_on|_time|_timestamp|_datetime|_day)$", "_at", word) for word in (plain, *shorter)]
    plural = [f"{word}s" for word in (plain, *shorter)]
    return [word for word in (*shorter, *dated, *(f"{word}_at" for word in (plain, *shorter)), *plural) if word != plain]


def normal_name(name: str) -> str:
    """`Partner Name*`, `partnerName` and `partner-name` are all `partner_name`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")


def require_columns(table: FactTable, matches: list[Match], file: str) -> None:
    """Raise UnreadableFile where a required column is missing, naming those there are."""
    found = {match.means for match in matches}
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    if missing:
        columns = ", ".join(match.column for match in matches)
        raise UnreadableFile(
            file,
            f"has no column for {', '.join(missing)}, which {table.name} need. Its columns are: {columns}.",
            "Name the column so, or say in the mapping which one it is.",
        )


def load_mapping(folder: Path, table: str) -> ColumnMapping | None:
    """The mapping remembered for a table, or None."""
    file = folder / f"{table}.json"
    if not file.exists():
        return None
    try:
        return mapping_from(json.loads(file.read_text(encoding="utf-8")), table)
    except (ValueError, OSError) as error:
        raise UnreadableFile(
            str(file), f"is no mapping ({error}).", "Mend it, or delete it to have columns guessed again."
        ) from error


def mapping_from(read: Any, table: str) -> ColumnMapping:
    """A mapping from JSON. Raises ValueError where it names what does not exist."""
    if not isinstance(read, dict):
        raise TypeError("it is not an object")
    mapping = ColumnMapping(table, dict(read.get("columns", {})), dict(read.get("values", {})), dict(read.get("dates", {})))
    ours = {column.name for column in BY_NAME[table].columns} | {OBSERVED}
    named = {means for means in mapping.columns.values() if means is not None} | set(mapping.values) | set(mapping.dates)
    unknown = sorted(named - ours)
    if unknown:
        raise ValueError(f"{table} have no column {', '.join(unknown)}")
    if not set(mapping.dates.values()) <= {"day_first", "month_first"}:
        raise ValueError("dates are day_first or month_first")
    return mapping


def save_mapping(folder: Path, mapping: ColumnMapping) -> None:
    """Remember a mapping for next time."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{mapping.table}.json.new"
    unfinished.write_text(json.dumps(asdict(mapping), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(folder / f"{mapping.table}.json")


def merged(given: ColumnMapping | None, saved: ColumnMapping | None, matches: list[Match], table: str) -> ColumnMapping:
    """What is in force for a file: its matches, and the words and dates that were given or remembered."""
    values: dict[str, dict[str, str]] = {}
    dates: dict[str, DateOrder] = {}
    for mapping in (saved, given):
        if mapping is not None:
            dates |= mapping.dates
            for column, words in mapping.values.items():
                values[column] = values.get(column, {}) | words
    return ColumnMapping(table, {match.column: match.means for match in matches}, values, dates)
