"""Which tables the given files and folders hold: by the name of the file, or of the sheet inside it."""

import re
from dataclasses import dataclass
from pathlib import Path

from nextplay.facts.contract import BY_NAME, TABLES
from nextplay.facts.intake.csv_file import open_csv
from nextplay.facts.intake.parquet_file import open_parquet
from nextplay.facts.intake.sheet import Sheet
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.facts.intake.xlsx_file import XlsxSheet, open_xlsx

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
ENDINGS = (*TEXT_ENDINGS, ".xlsx", ".parquet")
_ORDER = {table.name: place for place, table in enumerate(TABLES)}


@dataclass(frozen=True)
class Source:
    """A sheet and the table it holds."""

    table: str
    sheet: Sheet


@dataclass(frozen=True)
class Found:
    """What is to be loaded, in the order of the contract, and what a folder or workbook holds besides."""

    sources: list[Source]
    left_aside: list[str]


def table_named(name: str) -> str | None:
    """The table that a file's or sheet's name holds: `Deals.CSV`, `deals_2026-03.csv`, `Our Partners`; None for none."""
    words = [word for word in re.split(r"[^a-z]+", name.rsplit(".", 1)[0].lower() if "." in name else name.lower()) if word]
    for word in words:
        for table in BY_NAME:
            if word in (table, _singular(table)):
                return table
    return None


def find_sources(paths: list[Path], table: str | None = None) -> Found:
    """Open what the paths name. Raises UnreadableFile for a path that is missing, or holds no table."""
    if table is not None and table not in BY_NAME:
        raise UnreadableFile(table, "is no table.", f"Tables are {', '.join(BY_NAME)}.")
    sources: list[Source] = []
    aside: list[str] = []
    for path in paths:
        if path.is_dir():
            _from_folder(path, table, sources, aside)
        else:
            _from_file(path, table, sources, aside)
    sources.sort(key=lambda source: _ORDER[source.table])
    return Found(sources, aside)


def _from_folder(folder: Path, table: str | None, sources: list[Source], aside: list[str]) -> None:
    before = len(sources)
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix.lower() not in ENDINGS:
            continue
        if table is None and path.suffix.lower() != ".xlsx" and table_named(path.name) is None:
            aside.append(path.name)
        else:
            _from_file(path, table, sources, aside)
    if len(sources) == before:
        raise UnreadableFile(str(folder), "holds no file named after a table.", f"Tables are {', '.join(BY_NAME)}.")


def _from_file(path: Path, table: str | None, sources: list[Source], aside: list[str]) -> None:
    if not path.exists():
        raise UnreadableFile(str(path), "does not exist.", "Check the path.")
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UnreadableFile(path.name, "is no kind of file that can be loaded.", f"Use {', '.join(ENDINGS)}.")
    if ending == ".xlsx":
        _from_workbook(path, table, sources, aside)
        return
    chosen = table or table_named(path.name)
    if chosen is None:
        raise _which_table(path.name)
    opened = open_parquet(path, path.name) if ending == ".parquet" else open_csv(path, path.name)
    sources.append(Source(chosen, opened))


def _from_workbook(path: Path, table: str | None, sources: list[Source], aside: list[str]) -> None:
    sheets = open_xlsx(path, path.name)
    if len(sheets) == 1:
        chosen = table or _sheet_table(sheets[0]) or table_named(path.name)
        if chosen is None:
            raise _which_table(path.name)
        sources.append(Source(chosen, sheets[0]))
        return
    found = [(sheet, _sheet_table(sheet)) for sheet in sheets]
    if all(named is None for _, named in found):
        raise UnreadableFile(path.name, "no sheet is named after a table.", f"Name each sheet one of {', '.join(BY_NAME)}.")
    for sheet, named in found:
        if named is None:
            aside.append(sheet.name)
        elif table in (None, named):
            sources.append(Source(named, sheet))


def _sheet_table(sheet: Sheet) -> str | None:
    return table_named(sheet.title) if isinstance(sheet, XlsxSheet) else None


def _which_table(name: str) -> UnreadableFile:
    return UnreadableFile(
        name, "is not named after a table, so it is not clear what it holds.", f"Say which table it is: {', '.join(BY_NAME)}."
    )


def _singular(table: str) -> str:
    return {"activities": "activity"}.get(table, table.removesuffix("s") if table != "revenue" else table)
