"""Fill an empty installation with the sample program, through the same door as anybody's files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from nextplay.facts.sample.program import SEED, sample_facts
from nextplay.facts.tables import stored
from nextplay.operations.data.import_facts import ImportReport, import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress, silent


class FactsAlreadyThere(RuntimeError):
    """The sample would be mixed with somebody's own facts."""


@dataclass(frozen=True)
class SamplePerson:
    """Someone of the sample company who may sign in."""

    email: str
    name: str
    role: Role
    partner_id: str | None = None


# One sign-in a role, every manager; the partner is Nordvane Systems, whose seller is Marek Oyle.
SAMPLE_PEOPLE = (
    SamplePerson("leda.marsh@quillharbor.example", "Leda Marsh", Role.ADMIN),
    SamplePerson("ines.quillon@quillharbor.example", "Ines Quillon", Role.MANAGER),
    SamplePerson("tobin.harrow@quillharbor.example", "Tobin Harrow", Role.MANAGER),
    SamplePerson("priya.venn@quillharbor.example", "Priya Venn", Role.MANAGER),
    SamplePerson("halle.strand@quillharbor.example", "Halle Strand", Role.VIEWER),
    SamplePerson("marek.oyle@nordvane-systems.example", "Marek Oyle", Role.PARTNER, "PTR-007"),
)


def load_sample(
    installation: Installation,
    *,
    put_program: Callable[[], None],
    now: datetime,
    progress: Progress = silent,
    seed: int = SEED,
) -> ImportReport:
    """Load the sample program, its history ending on the day before `now`.

    `put_program` puts its program file in force, once it is certain that it may.
    Raises FactsAlreadyThere where the facts name any partner.
    """
    partners = installation.warehouse.read(stored("partners").count().as_table()).item()
    if partners:
        raise FactsAlreadyThere(f"This home already holds {partners} partners. Load the sample into an empty home.")
    progress(0.02, "Inventing two years of a program")
    tables = sample_facts(today=utc_day(now), seed=seed)
    put_program()
    with TemporaryDirectory(prefix="nextplay-sample-") as folder:
        files = [_write(frame, Path(folder) / f"{name}.parquet") for name, frame in tables.items()]
        return import_facts(
            installation,
            files,
            actor="sample",
            now=now,
            # Learned when it happened, or at the latest when the history ended.
            observed_at=now - timedelta(days=1),
            # It has a removal of its own, which takes along what was decided on it.
            undoable=False,
            progress=lambda share, doing: progress(0.1 + 0.9 * share, doing),
        )


def _write(frame: pl.DataFrame, file: Path) -> Path:
    frame.write_parquet(file)
    return file
