"""Take the sample program out: its facts, what was decided on them, and its program file."""

import shutil
from datetime import datetime
from functools import lru_cache
from typing import Any

from nextplay.facts.sample.remove import remove_sample_facts, sample_partners
from nextplay.facts.warehouse import Version, Warehouse
from nextplay.ledger.sample import forget_partners
from nextplay.operations.dashboards.roll_up import roll_up
from nextplay.operations.data.load_sample import SAMPLE_PEOPLE
from nextplay.operations.data.sample_program import put_back_program
from nextplay.operations.installation import Installation
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress, silent


class NoSampleHere(RuntimeError):
    """There is no sample program to take out."""


def holds_sample(installation: Installation) -> bool:
    """Whether any partner of the sample program is among the facts; asked once a version of the facts."""
    return _holds_sample(installation.warehouse, installation.warehouse.version())


def remove_sample(installation: Installation, *, actor: str, now: datetime, progress: Progress = silent) -> dict[str, Any]:
    """Take out everything of the sample's partners, and put the program in force that was there before.

    The facts go last, in one transaction: where it breaks off before, it can be done again. Raises NoSampleHere.
    """
    ids = installation.warehouse.read(sample_partners())["partner_id"].to_list()
    if not ids:
        raise NoSampleHere("There is no sample data here. It was removed already, or never loaded.")
    progress(0.1, "Removing what was decided on sample partners")
    forgotten = forget_partners(ids, [one.email for one in SAMPLE_PEOPLE], actor=actor, now=now)
    shutil.rmtree(installation.home.cycles, ignore_errors=True)
    put_back_program(installation.home, actor=actor, now=now)
    progress(0.4, "Removing the facts")
    with installation.warehouse.transaction() as transaction:
        partners = remove_sample_facts(transaction)
        roll_up(transaction, installation.program, today=utc_day(now))
    progress(1.0, "Removed")
    return {"partners": partners, "decisions": forgotten}


@lru_cache(maxsize=4)
def _holds_sample(warehouse: Warehouse, _version: Version) -> bool:
    return not warehouse.read(sample_partners().limit(1)).is_empty()
