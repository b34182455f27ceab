"""The one folder that holds an installation's state, and where its two stores are."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SETTINGS_FILE = "settings.toml"


LEDGER_SCHEMES = ("sqlite:///", "postgresql://", "postgres://")
FACTS_SCHEMES = ("duckdb:///", "postgresql://", "postgres://")
FILE_SCHEMES = ("sqlite:///", "duckdb:///")
# A file that is not named in full lies in the home folder, so that a folder copied or moved finds its own.
OWN_LEDGER, OWN_FACTS = "sqlite:///ledger.sqlite3", "duckdb:///facts.duckdb"


class NoHome(RuntimeError):
    """The folder has not been set up."""


class WrongAddress(ValueError):
    """A store's address names what nextplay cannot keep anything in."""


@dataclass(frozen=True)
class Home:
    """An installation: its folder, its stores' addresses, its secret."""

    path: Path
    ledger_url: str
    facts_url: str
    secret_key: str
    # Everything its settings file says, these three among it.
    held: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def program_file(self) -> Path:
        """The program definition in force."""
        return self.path / "program.yaml"

    @property
    def uploads(self) -> Path:
        """Files brought through the web page, until they are loaded."""
        return self.path / "uploads"

    @property
    def mappings(self) -> Path:
        """Saved column mappings, one file a table."""
        return self.path / "mappings"

    @property
    def rejected(self) -> Path:
        """Rows that an import refused, one CSV an import and table."""
        return self.path / "rejected"

    @property
    def cycles(self) -> Path:
        """Computed cycles: an unchanged one is not computed again, and pages read the latest."""
        return self.path / "cycles"

    @property
    def questions(self) -> Path:
        """Texts of queries that were written once."""
        return self.path / "questions"

    @property
    def engine_lock(self) -> Path:
        """Held by the one process that owns an embedded facts file."""
        return self.path / "engine.lock"


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder in force: `NEXTPLAY_HOME`, else `~/.nextplay`."""
    named = environment.get("NEXTPLAY_HOME")
    return Path(named).expanduser().absolute() if named else Path.home() / ".nextplay"


def create_home(path: Path, ledger_url: str | None = None, facts_url: str | None = None) -> Home:
    """Make the folder and its settings file; an existing one keeps its secret and its addresses unless new ones are named.

    A new folder is its owner's alone: it holds everyone's password hashes. Raises WrongAddress before anything is written.
    """
    _require_schemes(ledger_url, facts_url)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = _read(path) if (path / SETTINGS_FILE).exists() else {}
    values = {
        "ledger_url": ledger_url or held.get("ledger_url") or OWN_LEDGER,
        "facts_url": facts_url or held.get("facts_url") or OWN_FACTS,
        "secret_key": held.get("secret_key") or secrets.token_urlsafe(48),
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in (held | values).items()]
    target = path / SETTINGS_FILE
    unfinished = target.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(target)
    return open_home(path)


def open_home(path: Path, environment: Mapping[str, str] = os.environ) -> Home:
    """Read a home folder; `NEXTPLAY_LEDGER_URL` and `NEXTPLAY_FACTS_URL` win over its settings.

    Raises NoHome or WrongAddress.
    """
    if not (path / SETTINGS_FILE).exists():
        raise NoHome(f"{path} is no nextplay home. Create it with `nextplay init --home {path}`.")
    held = _read(path)
    ledger_url = environment.get("NEXTPLAY_LEDGER_URL") or held["ledger_url"]
    facts_url = environment.get("NEXTPLAY_FACTS_URL") or held["facts_url"]
    _require_schemes(ledger_url, facts_url)
    return Home(path, _in_full(ledger_url, path), _in_full(facts_url, path), held["secret_key"], held)


def _in_full(address: str, path: Path) -> str:
    """The address with its file's whole path."""
    if not address.startswith(FILE_SCHEMES):
        return address
    scheme, _, file = address.partition(":///")
    return f"{scheme}:///{path.absolute() / file}"


def _require_schemes(ledger_url: str | None, facts_url: str | None) -> None:
    # The address itself is not repeated: it may hold a password.
    if ledger_url and not ledger_url.startswith(LEDGER_SCHEMES):
        raise WrongAddress("That is no address for a ledger. Write sqlite:///path or postgresql://user@host/name.")
    if facts_url and not facts_url.startswith(FACTS_SCHEMES):
        raise WrongAddress("That is no address for facts. Write duckdb:///path or postgresql://user@host/name.")


def _read(path: Path) -> dict[str, str]:
    return {key: str(value) for key, value in tomllib.loads((path / SETTINGS_FILE).read_text(encoding="utf-8")).items()}


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
