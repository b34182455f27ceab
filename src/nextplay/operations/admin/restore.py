"""Make a home from an archive, on whatever engines are named."""

import json
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nextplay.facts.archive import load_facts
from nextplay.facts.warehouse import Warehouse
from nextplay.home import OWN_FACTS, OWN_LEDGER, SETTINGS_FILE, create_home
from nextplay.ledger.archive import another_ledger, load_ledger
from nextplay.operations.admin.backup import FORMAT, MANIFEST, digest
from nextplay.settings import ledger_database
from nextplay.values.progress import Progress, silent


class NotABackup(ValueError):
    """A file that cannot be restored: not an archive of ours, damaged, or from a later version."""


class HomeNotEmpty(RuntimeError):
    """A folder with something in it is not overwritten."""


@dataclass(frozen=True)
class RestoreReport:
    """What came back, in rows. `kept` names the folder that was there before."""

    home: str
    made_at: str
    facts: dict[str, int]
    ledger: dict[str, int]
    kept: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self)


def restore(
    archive: Path,
    home: Path,
    *,
    ledger_url: str | None = None,
    facts_url: str | None = None,
    replace: bool = False,
    progress: Progress = silent,
) -> RestoreReport:
    """Unpack beside, check, fill both stores, and only then become `home`. Stores not named are files in the home.

    `replace` moves a home that is there aside. Raises NotABackup, HomeNotEmpty, and FactsNotEmpty or LedgerNotEmpty where a
    named store holds rows; then `home` is as it was.
    """
    home = home.absolute()
    occupied = home.exists() and any(home.iterdir())
    if occupied and not replace:
        raise HomeNotEmpty(f"{home} is not empty. Restore into a new folder, or ask for it to be replaced.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{home.name}-restoring-", dir=home.parent) as folder:
        content, made = Path(folder) / "content", Path(folder) / "home"
        progress(0.05, "Checking the archive")
        manifest = _unpack(archive, content)
        _settle(content, made, ledger_url, facts_url)
        progress(0.2, "Restoring the facts")
        facts = _fill_facts(content, facts_url or f"duckdb:///{made / 'facts.duckdb'}")
        progress(0.7, "Restoring the ledger")
        ledger = _fill_ledger(content, ledger_url or f"sqlite:///{made / 'ledger.sqlite3'}")
        kept = _move_aside(home) if occupied else None
        made.replace(home)
    progress(1.0, "Restored")
    return RestoreReport(str(home), str(manifest["made_at"]), facts, ledger, str(kept) if kept else None)


def _unpack(archive: Path, content: Path) -> dict[str, Any]:
    try:
        with tarfile.open(archive, "r:gz") as packed:
            _require_inside(packed, content)
            # Python before 3.11.4, as Debian 12 ships it, knows no filter; later ones warn where none is named.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(content)  # noqa: S202 each member was looked at
        manifest: dict[str, Any] = json.loads((content / MANIFEST).read_text(encoding="utf-8"))
        listed: dict[str, dict[str, Any]] = manifest["files"]
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError) as error:
        raise NotABackup(f"{archive} is no backup that can be read: {error}.") from error
    if manifest.get("format") != FORMAT:
        raise NotABackup(f"{archive} has format {manifest.get('format')}; this version reads {FORMAT}. Use a newer nextplay.")
    found = {str(file.relative_to(content)): file for file in content.rglob("*") if file.is_file() or file.is_symlink()}
    del found[MANIFEST]
    if set(found) != set(listed):
        raise NotABackup(f"{archive} is damaged: {', '.join(sorted(set(found) ^ set(listed)))} missing or not listed.")
    damaged = [name for name, file in found.items() if file.is_symlink() or digest(file) != listed[name]["sha256"]]
    if damaged:
        raise NotABackup(f"{archive} is damaged: {', '.join(sorted(damaged))}.")
    return manifest


def _require_inside(packed: tarfile.TarFile, content: Path) -> None:
    """Nothing but files and folders, and none outside the folder they are unpacked in."""
    for member in packed.getmembers():
        inside = (content / member.name).resolve().is_relative_to(content.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name} does not belong into a backup")


def _settle(content: Path, made: Path, ledger_url: str | None, facts_url: str | None) -> None:
    """The files of the new home; its settings keep the secret, and the stores are its own unless others are named."""
    made.mkdir(mode=0o700)
    for name in (SETTINGS_FILE, "program.yaml"):
        if (content / name).exists():
            shutil.copyfile(content / name, made / name)
    for name in ("mappings", "rejected"):
        if (content / name).is_dir():
            shutil.copytree(content / name, made / name)
    create_home(made, ledger_url or OWN_LEDGER, facts_url or OWN_FACTS)


def _fill_facts(content: Path, url: str) -> dict[str, int]:
    warehouse = Warehouse(url)
    try:
        return load_facts(warehouse, content / "facts")
    finally:
        warehouse.close()


def _fill_ledger(content: Path, url: str) -> dict[str, int]:
    with another_ledger(ledger_database(url)) as alias, (content / "ledger.jsonl").open(encoding="utf-8") as lines:
        return load_ledger(lines, using=alias)


def _move_aside(home: Path) -> Path:
    number = 1
    while (aside := home.with_name(f"{home.name}.before-restore-{number}")).exists():
        number += 1
    return home.replace(aside)
