"""Long work: jobs."""

import click

from nextplay.cli.answer import answer, answer_json, table
from nextplay.cli.verb import Asked, Verb, as_json, pass_asked


@click.command(cls=Verb, example="nextplay jobs\nnextplay jobs --limit 5 --json")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@as_json
@pass_asked
def jobs(asked: Asked, limit: int, as_json: bool) -> None:
    """List the newest work that was handed to the process that holds the facts, and how it ended."""
    asked.open()
    from nextplay.operations.background.jobs import latest_jobs
    from nextplay.operations.viewer import OPERATOR

    shown = [
        {
            "job_id": job.job_id,
            "verb": job.verb,
            "actor": job.actor,
            "state": job.state,
            "share": job.share,
            "doing": job.doing,
            "error": job.error,
            "created_at": job.created_at.isoformat(),
            "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        }
        for job in latest_jobs(OPERATOR, limit)
    ]
    if as_json:
        answer_json(shown)
    elif shown:
        answer(table(tuple(shown[0]), [list(job.values()) for job in shown]))
    else:
        answer("Nothing has been handed over yet.")


COMMANDS = (jobs,)
