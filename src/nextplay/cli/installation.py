"""Making an installation and caring for it: init, doctor, backup, restore."""

from pathlib import Path

import click

from nextplay.cli.answer import answer, answer_json, progress, table
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
    from nextplay.operations.admin.set_up import prepare_home, prepare_ledger

    home = prepare_home(asked.folder, program=program, ledger_url=ledger_url, facts_url=facts_url)
    # Only now do the settings know which ledger.
    start_django(home.path)
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


@click.command(cls=Verb, example="nextplay backup nextplay-2026-11.tar.gz")
@click.argument("archive", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@as_json
@pass_asked
def backup(asked: Asked, archive: Path, as_json: bool) -> None:
    """Write the whole installation into one file, also while the server runs.

    It holds the installation's secret and everyone's password hashes: keep it where you keep secrets.
    """
    report = run(asked, "backup", output=str(archive.absolute()))
    if as_json:
        answer_json(report)
    else:
        answer(f"{report['archive']}: {report['bytes']:,} bytes, facts {report['facts_version']}.")


@click.command(cls=Verb, example="nextplay restore nextplay-2026-11.tar.gz --home /srv/nextplay")
@click.argument("archive", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--ledger-url", help="Where the ledger is to be (default: a file in the home folder).")
@click.option("--facts-url", help="Where the facts are to be (default: a file in the home folder).")
@click.option("--replace", is_flag=True, help="Move a home that is there aside.")
@as_json
@pass_asked
def restore(asked: Asked, archive: Path, ledger_url: str | None, facts_url: str | None, replace: bool, as_json: bool) -> None:
    """Make a home folder from a backup: all of it, or nothing."""
    start_django(asked.folder)
    from nextplay.operations.admin.restore import restore as bring_back

    with progress() as tell_how_far:
        report = bring_back(
            archive, asked.folder, ledger_url=ledger_url, facts_url=facts_url, replace=replace, progress=tell_how_far
        ).as_json()
    if as_json:
        answer_json(report)
    else:
        kept = f" What was there is in {report['kept']}." if report["kept"] else ""
        answer(f"{report['home']} is as it was on {report['made_at']}.{kept}")


COMMANDS = (init, doctor, backup, restore)
