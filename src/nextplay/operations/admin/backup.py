"""The whole installation as one archive that any engine can take back."""

import hashlib
import json
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import copyfile, copytree
from tempfile import TemporaryDirectory
from typing import Any

from nextplay.facts.archive import dump_facts
from nextplay.home import SETTINGS_FILE
from nextplay.ledger.archive import dump_ledger
from nextplay.operations.installation import Installation
from nextplay.values.period import naive_utc
from nextplay.values.progress import Progress, silent

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class BackupReport:
    """What an archive holds, in rows; `bytes` is its size on disk."""

    archive: str
    bytes: int
    facts_version: str
    program_version: str
    facts: dict[str, int]
    ledger: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        return asdict(self)


def backup(installation: Installation, target: Path, *, now: datetime, progress: Progress = silent) -> BackupReport:
    """Write ledger, facts, program, mappings, rejected rows and settings with their secret into one .tar.gz.

    The file appears only when it is whole, readable by its owner alone.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".nextplay-backup-", dir=target.parent) as folder:
        content = Path(folder) / "content"
        (content / "facts").mkdir(parents=True)
        progress(0.05, "Copying the ledger")
        with (content / "ledger.jsonl").open("w", encoding="utf-8") as lines:
            ledger = dump_ledger(lines)
        progress(0.2, "Copying the facts")
        facts = dump_facts(installation.warehouse, content / "facts")
        _copy_files(installation.home.path, content)
        versions = {
            "facts_version": str(installation.warehouse.version()),
            "program_version": installation.program.version,
        }
        said = {"format": FORMAT, "made_at": f"{naive_utc(now).isoformat()}Z", "nextplay": _own_version()}
        _write_manifest(content, said | versions | {"facts": facts, "ledger": ledger})
        progress(0.7, "Packing")
        packed = Path(folder) / "packed"
        packed.touch(mode=0o600)
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(content, arcname=".")
        packed.replace(target)
    progress(1.0, "Backed up")
    return BackupReport(str(target), target.stat().st_size, **versions, facts=facts, ledger=ledger)


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _copy_files(home: Path, content: Path) -> None:
    for name in ("program.yaml", SETTINGS_FILE):
        if (home / name).exists():
            copyfile(home / name, content / name)
    for name in ("mappings", "rejected"):
        if (home / name).is_dir():
            copytree(home / name, content / name)


def _write_manifest(content: Path, said: dict[str, Any]) -> None:
    files = {
        str(file.relative_to(content)): {"sha256": digest(file), "bytes": file.stat().st_size}
        for file in sorted(content.rglob("*"))
        if file.is_file()
    }
    (content / MANIFEST).write_text(json.dumps(said | {"files": files}, indent=1, sort_keys=True), encoding="utf-8")


def _own_version() -> str:
    try:
        return version("nextplay")
    except PackageNotFoundError:
        return "not installed as a package"
