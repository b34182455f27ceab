"""Facts in: import."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, printable, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import INSTANT, Asked, Verb, as_json, pass_asked
from nextplay.facts.contract import BY_NAME

SHOWN = 5


@click.command(
    "import",
    cls=Verb,
    example="nextplay import partners.csv deals.csv activities.csv\n"
    "nextplay import crm_export.xlsx --preview\n"
    "nextplay import crm_export.xlsx --forecast\n"
    "nextplay import export.xlsx --json\n"
    "nextplay import crm_accounts.csv --table partners --replace",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--table", "name", type=click.Choice(list(BY_NAME)), help="The table, where a file's name does not say it.")
@click.option("--replace", is_flag=True, help="Make each table equal to its file: rows that are not in it are removed.")
@click.option("--observed-at", type=INSTANT, help="When the files were learned (default: now).")
@click.option("--preview", is_flag=True, help="Show what each column is taken for and what would not load; load nothing.")
@click.option("--forecast", is_flag=True, help="Tell which rows and outcomes the import would change; change nothing.")
@as_json
@pass_asked
def import_files(
    asked: Asked,
    paths: tuple[Path, ...],
    name: str | None,
    replace: bool,
    observed_at: datetime | None,
    preview: bool,
    forecast: bool,
    as_json: bool,
) -> None:
    """Load CSV, XLSX and Parquet files, or folders of them, in one transaction.

    A file is named after its table. Rows that cannot be used are kept in a CSV with the reason beside each; the others load.
    """
    named = {"paths": [str(path.absolute()) for path in paths], "table": name}
    if preview:
        report = run(asked, "preview_import", **named)
    else:
        observed = observed_at.isoformat() if observed_at else None
        verb = "forecast_import" if forecast else "import_facts"
        report = run(asked, verb, **named, replace=replace, observed_at=observed)
    if as_json:
        answer_json(report)
        return
    if preview:
        answer("\n\n".join(_preview(file) for file in report["files"]))
    elif forecast:
        _foretold(report)
    else:
        _loaded(report)
    for left in report["left_aside"]:
        tell(f"{left}: left aside, its name is no table. Name one with --table.")


def _loaded(report: dict[str, Any]) -> None:
    counts = ("read", "added", "updated", "unchanged", "removed", "rejected")
    rows = [[entry["table"], entry["file"], *(entry[count] for count in counts)] for entry in report["tables"]]
    answer(table(("table", "file", *counts), rows))
    for entry in report["tables"]:
        _tell_rest(entry)
    _tell_later(report)


def _tell_later(report: dict[str, Any]) -> None:
    if report["outcomes"].get("later"):
        tell("The facts stand, and outcomes could not be judged anew: the server does it every minute while it runs.")


@click.command("undo-import", cls=Verb, example="nextplay undo-import\nnextplay undo-import --of 12")
@click.option("--of", "brought", type=int, help="Only the import that came to this version of the facts, as its answer says.")
@as_json
@pass_asked
def undo_import(asked: Asked, brought: int | None, as_json: bool) -> None:
    """Take the last import back: the facts stand as before it, and what people entered since stays.

    Refused where something else changed the facts since, or where --of names another import than the last.
    """
    report = run(asked, "undo_import", brought=brought)
    if as_json:
        answer_json(report)
        return
    rows = [[entry["table"], entry["removed"], entry["restored"]] for entry in report["tables"]]
    answer(table(("table", "taken out", "put back"), rows))
    _tell_later(report)


def _foretold(report: dict[str, Any]) -> None:
    """Counts by table, sample rows, and outcomes that would move."""
    counts = ("read", "added", "updated", "unchanged", "removed", "rejected")
    answer(table(("table", *counts), [[entry["table"], *(entry[count] for count in counts)] for entry in report["tables"]]))
    for entry in report["tables"]:
        for one in entry["samples"]:
            differs = f": {'; '.join(one['differs'])}" if one["differs"] else ""
            answer(printable(f"{entry['table']}, {one['done']}: {one['key']} {one['called']}{differs}"))
    for one in report["outcomes"]:
        answer(printable(f"{one['partner']}, {one['play']}: {one['was']} becomes {one['becomes']}"))


def _preview(file: dict[str, Any]) -> str:
    columns = [
        [one["column"], one["means"] or "not used", one["origin"], ", ".join(one["examples"])] for one in file["columns"]
    ]
    lines = [
        f"{file['file']}: {file['rows']:,} rows of {file['table']}",
        table(("column", "taken for", "because", "such as"), columns),
    ]
    if file["missing"]:
        return "\n".join([*lines, f"Not there, and needed: {', '.join(file['missing'])}."])
    lines.append(f"{file['ready']:,} of the first {file['checked']:,} rows would load.")
    for problem in file["problems"]:
        where = ", ".join(str(line) for line in problem["lines"])
        values = ", ".join(f"“{value}”" for value in problem["values"][:SHOWN])
        said = f"{problem['rows']:,} would not, line {where}: {problem['column'] or ''} {values} {problem['reason']}"
        lines.append(printable(" ".join(said.split())))
    return "\n".join(lines)


def _tell_rest(entry: dict[str, Any]) -> None:
    renamed = [f"{theirs} as {ours}" for theirs, ours in entry["columns"].items() if theirs != ours]
    if renamed:
        tell(printable(f"{entry['file']}: read {', '.join(renamed)}; so it is read from now on."))
    if entry["unknown_columns"]:
        tell(
            printable(f"{entry['file']}: ignored columns that are not in the contract: {', '.join(entry['unknown_columns'])}.")
        )
    for row in entry["rejected_rows"][:SHOWN]:
        place = f"{row['file']}, line {row['line']}" + (f", {row['column']}" if row["column"] else "")
        tell(printable(f"{place}: {row['reason']}"))
    if entry["rejected_file"]:
        rows = "1 rejected row" if entry["rejected"] == 1 else f"{entry['rejected']:,} rejected rows"
        tell(f"{rows} of {entry['file']}, ready to be mended and imported: {entry['rejected_file']}")


COMMANDS = (import_files, undo_import)
