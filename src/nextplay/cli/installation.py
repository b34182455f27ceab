"""Making an installation and caring for it: init, doctor."""

from pathlib import Path

import click

from nextplay.cli.answer import answer, answer_json, table
from nextplay.cli.run import run
from nextplay.cli.verb import Asked, Verb, as_json, pass_asked, start_django


@click.command(
    cls=Verb,
    example="nextplay init --program program.yaml\n"
    "nextplay init --home /srv/nextplay --facts-url postgresql://nextplay@db/facts --ledger-url postgresql://nextplay@db/ledger",
)
@click.option("--program", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Take this program file.")
@click.option("--ledger-url", help="Where the ledger is: sqlite:///… or postgresql://… (default: a file in the home folder).")
@click.option("--facts-url", help="Where the facts are: duckdb:///… or postgresql://… (default: a file in the home folder).")
@as_json
@pass_asked
def init(asked: Asked, program: Path | None, ledger_url: str | None, facts_url: str | None, as_json: bool) -> None:
    """Create a home folder, or bring one up to this version.

    Run again, it changes only what is named; facts and ledger stay.
    """
    from nextplay.home import SETTINGS_FILE

    there = (asked.folder / SETTINGS_FILE).exists()
    start_django(asked.folder)
    from nextplay.operations.set_up import prepare_home, prepare_ledger

    home = prepare_home(asked.folder, program=program, ledger_url=ledger_url, facts_url=facts_url)
    prepare_ledger()
    if as_json:
        answer_json({"home": str(home.path), "created": not there})
    else:
        answer(f"{home.path} is {'up to date' if there else 'ready'}. Next: nextplay import FILE..., then nextplay serve.")


@click.command(cls=Verb, example="nextplay doctor\nnextplay doctor --json")
@as_json
@pass_asked
def doctor(asked: Asked, as_json: bool) -> None:
    """Say whether this installation is well, and what its facts can answer; the cheapest fix first.

    Exits with 1 where something is not well.
    """
    report = run(asked, "doctor")
    if as_json:
        answer_json(report)
    else:
        answer(
            table(
                ("check", "well", "says", "fix"),
                [[one[key] for key in ("name", "well", "says", "fix")] for one in report["checks"]],
            )
        )
        if ready := report["readiness"]:
            answer("\n" + table(("table", "rows"), [[one["table"], one["rows"]] for one in ready["tables"]]))
            findings = [[one[key] for key in ("what", "effect", "why", "fix")] for one in ready["findings"]]
            answer("\n" + table(("what", "effect", "why", "fix"), findings) if findings else "\nNothing is missing.")
    if not report["healthy"]:
        raise click.exceptions.Exit(1)


COMMANDS = (init, doctor)
