"""What every command has in common: the home folder it works on, and an example in its help."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from nextplay.home import Home, home_folder, open_home
from nextplay.values.origin import come_from
from nextplay.values.period import Month


@dataclass
class Asked:
    """What was said before or after the verb, for the whole run."""

    home: Path | None = None
    debug: bool = False

    def say(self, home: Path | str | None, debug: bool) -> None:
        """Keep what is named; what is said after the verb wins over what was said before it."""
        self.home = Path(home) if home else self.home
        self.debug = self.debug or debug

    @property
    def folder(self) -> Path:
        """`--home`, else `NEXTPLAY_HOME`, else the user's own."""
        return self.home.expanduser().absolute() if self.home else home_folder()

    def open(self) -> Home:
        """The home, with Django reading its settings from it. Raises NoHome."""
        opened = open_home(self.folder)
        start_django(opened.path)
        return opened


pass_asked = click.make_pass_decorator(Asked, ensure=True)


def start_django(folder: Path) -> None:
    """Let Django, whose settings come from the home, set itself up; what is written now comes from the command line."""
    come_from("cli")
    os.environ["NEXTPLAY_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "nextplay.settings"
    import django

    django.setup()


def moment() -> datetime:
    """Now, aware, in UTC. The command line reads the clock nowhere else."""
    return datetime.now(UTC)  # noqa: TID251 a face is where time enters


def _keep_home(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    context.ensure_object(Asked).say(value, debug=False)


def _keep_debug(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    context.ensure_object(Asked).say(None, debug=value)


_HOME = click.Option(
    ["--home"],
    type=click.Path(file_okay=False, path_type=Path),
    expose_value=False,
    callback=_keep_home,
    help="The home folder (default: NEXTPLAY_HOME, else ~/.nextplay).",
)
_DEBUG = click.Option(
    ["--debug"], is_flag=True, expose_value=False, callback=_keep_debug, help="Show where in the code an error came from."
)


class Verb(click.Command):
    """A command that takes `--home` and `--debug`, and whose help ends with an example."""

    def __init__(self, *arguments: Any, example: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.example = example
        self.params += [_HOME, _DEBUG]

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The example, after the options."""
        with formatter.section("Example"):
            for line in self.example.splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class Verbs(click.Group):
    """Commands in the order of a user's day, not of the alphabet."""

    command_class = Verb
    group_class = type

    def list_commands(self, _context: click.Context) -> list[str]:
        """Names as they were added."""
        return list(self.commands)


class Day(click.ParamType[date]):
    """A day written as `2026-11-13`."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> date:
        """Read a day, or say how one is written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day. Write it as 2026-11-13.", parameter, context)


class Instant(click.ParamType[datetime]):
    """A time in ISO 8601, UTC where it names no offset."""

    name = "TIME"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> datetime:
        """Read a time, or say how one is written."""
        if isinstance(value, datetime):
            return value
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time. Write it as 2026-11-13T09:00:00Z or 2026-11-13.", parameter, context)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


class Target(click.ParamType[Path]):
    """A file to write: its folder is there, and its name ends as its kind does."""

    name = "FILE"

    def __init__(self, *endings: str) -> None:
        self.endings = endings

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Path:
        """Take a path, or say what stands in the way before any work is done."""
        path = Path(value).absolute()
        if path.is_dir():
            self.fail(f"{path} is a folder. Name a file in it.", parameter, context)
        if not path.parent.is_dir():
            self.fail(f"There is no folder {path.parent}. Create it, or name a file in another.", parameter, context)
        if not os.access(path.parent, os.W_OK):
            self.fail(f"{path.parent} cannot be written. Name a file in another folder.", parameter, context)
        if self.endings and path.suffix.lower() not in self.endings:
            self.fail(f"{path.name} has to end in {' or '.join(self.endings)}.", parameter, context)
        return path


class CalendarMonth(click.ParamType[str]):
    """A month written as `2026-03`."""

    name = "YYYY-MM"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        """Read a month, or say how one is written."""
        try:
            return str(Month.parse(value))
        except ValueError:
            self.fail(f"{value!r} is no month. Write it as 2026-03.", parameter, context)


DAY, INSTANT, MONTH = Day(), Instant(), CalendarMonth()
as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
