"""Frames of cases, each naming only what its test is about."""

from datetime import date
from typing import Any

import polars as pl

from nextplay.learning.cases import BY_LOT, CASES, no_cases

USUAL = {
    "cycle": "2026-02",
    "as_of": date(2026, 2, 28),
    "play": "first_selling_play",
    "arm": "chosen",
    "propensity": 1.0,
    "status": "committed",
    "reason": "",
    "owner": "ana@program.example",
    "hours": 6.0,
    "probability": 0.3,
    "without": 0.1,
    "outcome_by": date(2026, 4, 14),
    "before": 0.0,
}


def cases(met: int, missed: int, still_open: int = 0, **more: Any) -> pl.DataFrame:
    """So many cases that met their outcome, missed it, or wait, each of a partner of its own."""
    results = ["met"] * met + ["missed"] * missed + ["open"] * still_open
    if not results:
        return no_cases()
    head = f"{more.get('play', '')}{more.get('arm', '')}{more.get('cycle', '')}{more.get('status', '')}{more.get('reason', '')}"
    rows = [
        USUAL
        | {"kind": "lot" if more.get("arm") in BY_LOT else "decision"}
        | {"case_id": f"{head}{place:04}", "partner_id": f"p{head}{place}", "result": result, "ripe": result != "open"}
        | more
        for place, result in enumerate(results)
    ]
    return pl.DataFrame(rows, schema=dict(CASES), orient="row")


def lot(offered: tuple[int, int], held: tuple[int, int], share: float = 0.5, **more: Any) -> pl.DataFrame:
    """Met and cases of those offered a play by lot, and of those the lot held back."""
    given = cases(offered[0], offered[1] - offered[0], arm="offered", propensity=1 - share, **more)
    nobody: dict[str, Any] = {"status": "", "hours": 0.0, "probability": None}
    return pl.concat([given, cases(held[0], held[1] - held[0], arm="held_back", propensity=share, **nobody, **more)])
