"""Files brought through the page, kept in the home folder until they are loaded or a day has passed."""

import re
import secrets
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from nextplay.facts.contract import BY_NAME

ACCEPTED = (".csv", ".xlsx", ".parquet")
KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_UNSAFE = re.compile(r"[^\w .()\-]+")


class NothingToImport(ValueError):
    """No file was chosen, or one that is no table."""


class UploadGone(ValueError):
    """The files were loaded, replaced or cleaned away."""


def keep(folder: Path, files: "Iterable[UploadedFile[bytes]]", *, now: datetime, table: str = "") -> str:
    """Store the files under a token that cannot be guessed, and clean away old ones. Raises NothingToImport.

    `table` is what the person says the files hold; it goes before their names, from which tables are told.
    """
    chosen = list(files)
    if not chosen:
        raise NothingToImport("Choose at least one file.")
    for file in chosen:
        if Path(file.name or "").suffix.lower() not in ACCEPTED:
            raise NothingToImport(f"{file.name} is not a CSV, XLSX or Parquet file.")
    _clean(folder, now)
    token = secrets.token_hex(16)
    target = folder / token
    target.mkdir(parents=True)
    for number, file in enumerate(chosen):
        name = _UNSAFE.sub("_", Path(file.name or "").name) or f"file{number}.csv"
        name = f"{table} {name}" if table in BY_NAME else name
        place = target / name if not (target / name).exists() else target / f"{number}-{name}"
        with place.open("wb") as stored:
            for chunk in file.chunks():
                stored.write(chunk)
    return token


def kept(folder: Path, token: str) -> list[Path]:
    """The files under a token, by name. Raises UploadGone."""
    if not _TOKEN.fullmatch(token) or not (folder / token).is_dir():
        raise UploadGone("These files are gone. Choose them again.")
    return sorted(path for path in (folder / token).iterdir() if path.suffix.lower() in ACCEPTED)


def discard(folder: Path, token: str) -> None:
    """Forget files that cannot be used."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder / token, ignore_errors=True)


def _clean(folder: Path, now: datetime) -> None:
    if not folder.is_dir():
        return
    for old in folder.iterdir():
        if datetime.fromtimestamp(old.stat().st_mtime, UTC) < now - KEPT_FOR:
            shutil.rmtree(old, ignore_errors=True)
