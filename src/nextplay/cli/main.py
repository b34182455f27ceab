"""`nextplay`: every command, and what a user reads when one does not go."""

import os
import sys
from collections.abc import Sequence

import click

from nextplay.cli import (
    dashboards,
    decide,
    demo,
    facts,
    installation,
    jobs,
    learning,
    partners,
    program,
    replay,
    scorecard,
    serve,
    signals,
    users,
    week,
)
from nextplay.cli.answer import printable, tell
from nextplay.cli.verb import Asked, Verbs
from nextplay.values.rings import look_seldom

USAGE, FAILURE, INTERRUPTED = 2, 1, 130


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="nextplay", message="nextplay %(version)s")
@click.option(
    "--home",
    type=click.Path(file_okay=False),
    envvar="NEXTPLAY_HOME",
    help="The home folder (default: NEXTPLAY_HOME, else ~/.nextplay).",
)
@click.option("--debug", is_flag=True, help="Show where in the code an error came from.")
@click.pass_context
def nextplay(context: click.Context, home: str | None, debug: bool) -> None:
    """Decide what a partner program does next: which partners to focus on this month, why, and whether it worked.

    \b
    Start with:  nextplay demo                      a sample program, served
    Your files:  nextplay init, import, serve       partners.csv, deals.csv, activities.csv
    """
    asked = context.ensure_object(Asked)
    asked.say(home, debug)


GROUPS = (
    demo,
    installation,
    facts,
    dashboards,
    partners,
    signals,
    scorecard,
    decide,
    week,
    learning,
    replay,
    program,
    users,
    jobs,
    serve,
)
for group in GROUPS:
    for command in group.COMMANDS:
        nextplay.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 not done and why, 2 asked wrongly, 130 interrupted."""
    asked = Asked()
    look_seldom()
    try:
        code = nextplay.main(args=arguments, prog_name="nextplay", obj=asked, standalone_mode=False)
    except click.UsageError as error:
        error.show(sys.stderr)
        sys.exit(USAGE)
    except click.ClickException as error:
        error.show(sys.stderr)
        sys.exit(FAILURE)
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted: nothing that was under way is left half done.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the answer has read enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILURE)
    except Exception as error:
        if asked.debug:
            raise
        tell(sentence(error))
        sys.exit(FAILURE)
    sys.exit(code if isinstance(code, int) else 0)


def sentence(error: Exception) -> str:
    """What went wrong, for the one who asked: our own errors are sentences already."""
    if type(error).__module__.startswith("nextplay."):
        text = str(error) or "That is not there for you."
    elif type(error).__module__ == "django.db.utils":
        said = " ".join(str(error).split()).rstrip(".?!")
        mend = "See that it is there and open to you, or correct NEXTPLAY_LEDGER_URL or settings.toml."
        text = f"The ledger cannot be used: {said}. {mend}"
    elif isinstance(error, OSError) and error.strerror:
        text = f"{error.filename or 'The machine'}: {error.strerror}."
    else:
        text = f"nextplay failed: {type(error).__name__}: {error}\nRun it again with --debug to see where."
    return "Error: " + "\n".join(printable(line) for line in text.splitlines())
