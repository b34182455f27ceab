"""Facts in: import."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import INSTANT, Asked, Verb, as_json, pass_asked
from nextplay.facts.contract import BY_NAME

SHOWN = 5


@click.command(
    "import",
    cls=Verb,
    example="nextplay import partners.csv deals.csv activities.csv\n"
    "nextplay import export.xlsx --json\n"
    "nextplay import crm_accounts.csv --table partners --replace",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--table", "name", type=click.Choice(list(BY_NAME)), help="The table, where a file's name does not say it.")
@click.option("--replace", is_flag=True, help="Make each table equal to its file: rows that are not in it are removed.")
@click.option("--observed-at", type=INSTANT, help="When the files were learned (default: now).")
@as_json
@pass_asked
def import_files(
    asked: Asked, paths: tuple[Path, ...], name: str | None, replace: bool, observed_at: datetime | None, as_json: bool
) -> None:
    """Load CSV, XLSX and Parquet files, or folders of them, in one transaction.

    A file is named after its table. Rows that cannot be used are kept in a CSV with the reason beside each; the others load.
    """
    report = run(
        asked,
        "import_facts",
        paths=[str(path.absolute()) for path in paths],
        table=name,
        replace=replace,
        observed_at=observed_at.isoformat() if observed_at else None,
    )
    if as_json:
        answer_json(report)
        return
    counts = ("read", "added", "updated", "unchanged", "removed", "rejected")
    rows = [[entry["table"], entry["file"], *(entry[count] for count in counts)] for entry in report["tables"]]
    answer(table(("table", "file", *counts), rows))
    for entry in report["tables"]:
        _tell_rest(entry)
    for left in report["left_aside"]:
        tell(f"{left}: left aside, its name is no table. Name one with --table.")


def _tell_rest(entry: dict[str, Any]) -> None:
    if entry["unknown_columns"]:
        tell(f"{entry['file']}: ignored columns that are not in the contract: {', '.join(entry['unknown_columns'])}.")
    for row in entry["rejected_rows"][:SHOWN]:
        place = f"{row['file']}, line {row['line']}" + (f", {row['column']}" if row["column"] else "")
        tell(f"{place}: {row['reason']}")
    if entry["rejected_file"]:
        rows = "1 rejected row" if entry["rejected"] == 1 else f"{entry['rejected']:,} rejected rows"
        tell(f"{rows} of {entry['file']}, ready to be mended and imported: {entry['rejected_file']}")


COMMANDS = (import_files,)
