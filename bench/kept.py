"""Results of long benchmarks, kept one by one in a folder, so that a run that was cut off takes only what is missing."""

import json
import os
import pickle
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any


class Kept:
    """A folder of results, each under the key that it was taken with. Read only what you kept yourself: it is pickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, key: Mapping[str, object]) -> bool:
        """Whether a result is kept."""
        return self._file(key).exists()

    def read(self, key: Mapping[str, object]) -> Any:
        """The result; FileNotFoundError where there is none."""
        return pickle.loads(self._file(key).read_bytes())  # noqa: S301

    def write(self, key: Mapping[str, object], result: object) -> None:
        """Keep a result: whole, or not at all."""
        file = self._file(key)
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps(result))
        partial.replace(file)

    def _file(self, key: Mapping[str, object]) -> Path:
        told = json.dumps(key, sort_keys=True, default=str)
        name = "-".join(re.sub(r"\W+", "_", str(key[part])) for part in sorted(key))
        return self.folder / f"{name[:120]}-{blake2b(told.encode(), digest_size=6).hexdigest()}.pickle"


def digest_of(*folders: Path, but: Iterable[str] = ()) -> str:
    """Another one as soon as the code in the folders, or what it reads there, is another; files named in `but` do not count."""
    told = blake2b(digest_size=6)
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".yaml", ".json") and file.name not in but:
                told.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return told.hexdigest()
