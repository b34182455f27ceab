"""Reading partners: partners, export."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import DAY, Asked, Target, Verb, as_json, pass_asked
from nextplay.facts.contract import BY_NAME

SHOWN = ("partner_id", "name", "stage", "segment", "tier", "manager", "open_deals", "open_pipeline", "last_activity", "verdict")

SORTS = ("name", "stage", "segment", "tier", "manager", "open_pipeline", "last_activity")


@click.command(
    cls=Verb, example="nextplay partners --search bright --sort open_pipeline --descending\nnextplay partners P-1 --json"
)
@click.argument("partner_id", required=False)
@click.option("--search", help="Part of the name.")
@click.option("--segment", help="Of this segment only.")
@click.option("--tier", help="Of this tier only.")
@click.option("--stage", help="In this lifecycle stage only.")
@click.option("--manager", help="Of this partner manager only (email).")
@click.option("--sort", type=click.Choice(SORTS), default="name", show_default=True, help="The column to sort by.")
@click.option("--descending", is_flag=True, help="Largest first.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True, help="Which page.")
@click.option("--size", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Rows a page.")
@as_json
@pass_asked
def partners(asked: Asked, /, partner_id: str | None, as_json: bool, **filters: Any) -> None:
    """List partners, or show one: facts, people, deals, timeline and decisions."""
    if partner_id is not None:
        profile = run(asked, "show_partner", partner_id=partner_id)
        answer_json(profile) if as_json else answer(_profile(profile))
        return
    page = run(asked, "list_partners", **filters)
    if as_json:
        answer_json(page)
        return
    answer(table(SHOWN, [[row[name] for name in SHOWN] for row in page["rows"]]))
    tell(f"Page {page['page']} of {page['pages']}: {page['total']:,} of {page['everyone']:,} partners.")


def _profile(profile: dict[str, Any]) -> str:
    lines = [
        [name, ", ".join(value) if isinstance(value, list) else value] for name, value in profile["partner"].items() if value
    ]
    sums = profile["sums"]
    lines.append(["deals", f"{sums['open']} open, {sums['won']} won, {sums['lost']} lost"])
    action = profile["action"]
    if action:
        lines += [["verdict", action["verdict"]], ["next action", action["action"]], ["why", action["why"]]]
    lines += [
        ["decided", f"{one['cycle']} {one['play']}: {one['status']}, outcome {one['result']}"] for one in profile["decisions"]
    ]
    return table(("what", "is"), lines)


@click.command(
    cls=Verb,
    example="nextplay export partners --output partners.csv\nnextplay export deals --segment Alpha --output deals.xlsx",
)
@click.argument("name", metavar="TABLE", type=click.Choice(list(BY_NAME)))
@click.option("--output", required=True, type=Target(".csv", ".xlsx"), help="The file: .csv or .xlsx.")
@click.option("--segment", help="Of this segment's partners only.")
@click.option("--tier", help="Of this tier's partners only.")
@click.option("--as-of", type=DAY, help="As of the end of this day (default: today).")
@as_json
@pass_asked
def export(
    asked: Asked, name: str, output: Path, segment: str | None, tier: str | None, as_of: date | None, as_json: bool
) -> None:
    """Write a table of the facts to a file; text that a spreadsheet would run as a formula is neutralised."""
    written = run(
        asked,
        "export_rows",
        table=name,
        output=str(output),
        segment=segment,
        tier=tier,
        as_of=as_of.isoformat() if as_of else None,
    )
    if as_json:
        answer_json(written)
    else:
        answer(f"{written['file']}: {written['bytes']:,} bytes.")


COMMANDS = (partners, export)
