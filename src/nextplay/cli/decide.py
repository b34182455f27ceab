"""What to do, and what each partner is: decide, analyze."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from nextplay.cli.answer import answer, answer_json, table, tell
from nextplay.cli.run import run
from nextplay.cli.verb import DAY, Asked, Target, Verb, as_json, pass_asked


@click.command(
    cls=Verb,
    example="nextplay decide --as-of 2026-10-31 --json\nnextplay decide --commit --limit 0 --output actions.jsonl",
)
@click.option("--as-of", type=DAY, help="Read only what had happened and was known by the end of this day (default: today).")
@click.option("--commit", is_flag=True, help="Commit every decision of the focus list.")
@click.option("--limit", type=click.IntRange(min=0), help="Answer at most this many next actions.")
@click.option(
    "--output",
    type=Target(),
    help="Write every next action to this file, a JSON line each.",
)
@as_json
@pass_asked
def decide(asked: Asked, as_of: date | None, commit: bool, limit: int | None, output: Path | None, as_json: bool) -> None:
    """Decide a month: the focus list within each manager's hours, and the next best action for every partner."""
    cycle = run(
        asked,
        "decide",
        as_of=as_of.isoformat() if as_of else None,
        commit=commit,
        limit=limit,
        output=str(output) if output else None,
    )
    if as_json:
        answer_json(cycle)
        return
    answer(_focus(cycle))
    for one in cycle["focus"]:
        tell(f"What would change our mind: {one['partner_id']}: {one['change_our_mind']}")
    for stop in cycle["stop"]:
        tell(f"Stop: {stop['partner_id']}: {stop['why']} What would change our mind: {stop['change_our_mind']}")
    for left in cycle["left_out"]:
        tell(f"Left out: {left['count']:,} {left['reason']}")
    for note in cycle["notes"]:
        tell(note)


def _focus(cycle: dict[str, Any]) -> str:
    if not cycle["focus"]:
        return f"{cycle['cycle']}: nobody in focus."
    rows = [
        [one["partner_id"], one["verdict"], one["play"], _doer(one), one["hours"], one["due"], round(one["expected_gain"])]
        for one in cycle["focus"]
    ]
    headings = ("partner", "verdict", "play", "owner", "hours", "due", f"gain ({cycle['currency']})")
    return f"{cycle['cycle']}, as of {cycle['as_of']}\n" + table(headings, rows)


def _doer(one: dict[str, Any]) -> str:
    instead: str = f" instead of {one['instead_of']}" if one["instead_of"] else ""
    return f"{one['owner']}{instead}"


@click.command(
    cls=Verb,
    example="nextplay analyze\nnextplay analyze --partner P-1 --json\nnextplay analyze --segment Growth --tier Gold",
)
@click.option("--partner", "partner_id", help="Only the partner of this ID.")
@click.option("--segment", help="Partners of this segment only.")
@click.option("--tier", help="Partners of this tier only.")
@click.option("--as-of", type=DAY, help="As of the end of this day (default: today).")
@as_json
@pass_asked
def analyze(
    asked: Asked, partner_id: str | None, segment: str | None, tier: str | None, as_of: date | None, as_json: bool
) -> None:
    """Refresh the 4C scores of every partner, of a filter or of one, and say what was read, what was not and why."""
    report = run(
        asked,
        "analyze",
        partner_id=partner_id,
        narrowing={name: value for name, value in (("segment", segment), ("tier", tier)) if value},
        as_of=as_of.isoformat() if as_of else None,
    )
    if as_json:
        answer_json(report)
        return
    rows = [[name, report["known"][name], report["unknown"][name]] for name in sorted(report["known"])]
    answer(f"{report['partners_read']:,} partners read as of {report['as_of']}.\n" + table(("4C", "known", "unknown"), rows))
    for sentence in _account(report):
        tell(sentence)


def _account(report: dict[str, Any]) -> list[str]:
    """What came of an analysis, in sentences."""
    told = (
        ("new", "read for the first time"),
        ("own_evidence", "with other counts of their own, as evidence came, went or expired"),
        (
            "program_moved",
            "scored otherwise on the same counts, as rows grew older or the program, or what is usual in it, changed",
        ),
        ("unchanged", "read as before"),
    )
    said = [f"{report[name]:,} {words}." for name, words in told if report[name]]
    if not report["changed"]:
        said.append("Nothing changed: no score was kept anew.")
    if report["untouched"]:
        said.append(
            f"{report['untouched']:,} not read: no row of theirs is new or changed since everybody was read as of the same day."
        )
    if report["rows_read"]:
        said.append("Rows read: " + ", ".join(f"{rows:,} {name}" for name, rows in report["rows_read"].items()) + ".")
    if report["empty_tables"]:
        said.append(f"Empty, so that coverage is lower: {', '.join(report['empty_tables'])}.")
    said += _texts(report["texts"], report["model"])
    return said + [f"No evidence: {one['label']}, {one['partners']:,} partners ({one['why']})." for one in report["not_read"]]


def _texts(texts: dict[str, Any], model: dict[str, Any]) -> list[str]:
    """What was read of documents, and what a language model did, dropped and cost."""
    said = [
        f"Documents: {texts['read']:,} new or changed and read, {texts['known']:,} known; {texts['found']:,} passages found."
    ]
    return said + list(model["told"])


@click.command(cls=Verb, example="nextplay validity\nnextplay validity --json")
@as_json
@pass_asked
def validity(asked: Asked, as_json: bool) -> None:
    """Check what scores of past days were worth: did they tell who brings sourced pipeline in the next quarter?"""
    report = run(asked, "validity")
    if as_json:
        answer_json(report)
        return
    rows = [
        [
            one["name"],
            one["segment"] or "all",
            one["cases"],
            one["brought"],
            _concordance(one),
            _concordance(one, "naive"),
            _concordance(one, "better"),
            one["verdict"],
        ]
        for one in report["checks"]
    ]
    headings = ("score", "segment", "cases", "brought", "concordance (95%)", "naive figure", "difference", "verdict")
    answer(table(headings, rows) if rows else "The facts reach back less than half a year: there is no past quarter to check.")
    tell(f"Scored as of {', '.join(report['days']) or 'no past day'}; 0.5 is chance.")
    tell("The naive figure is the pipeline of the quarter before.")


def _concordance(one: dict[str, Any], which: str = "concordance") -> str:
    found = one[which]
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})" if found else ""


COMMANDS = (analyze, validity, decide)
