"""Small files as a user would bring them, with days counted back from today."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from nextplay.facts.sample.program import sample_program_text
from nextplay.home import Home

MANAGERS = ("ana@program.example", "bob@program.example")
PARTNERS = 12
# Older than 45 days, so that the month that is decided is the one these facts end in.
LAST_DAY = 60


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """A CSV with a header line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def day(today: date, ago: int) -> str:
    """An ISO day that many days back."""
    return (today - timedelta(days=ago)).isoformat()


def first_month(folder: Path, today: date) -> list[Path]:
    """Partners, deals and activities up to `LAST_DAY` days ago, with more columns than the contract asks for."""
    numbers = range(1, PARTNERS + 1)
    partners = [
        (
            f"p{n}",
            f"Partner {n}",
            "active",
            MANAGERS[n % 2],
            ("Alpha", "Beta")[n % 2],
            ("Gold", "Silver", "")[n % 3],
            day(today, 700),
            20 * n,
        )
        for n in numbers
    ]
    deals = [
        (
            f"d{n}-{k}",
            f"p{n}",
            ("won", "lost", "proposal", "qualification")[k],
            10_000 * n,
            ("Energy", "Retail")[n % 2],
            day(today, opened),
            day(today, opened - 40) if k < 2 else "",
        )
        for n in numbers
        if n % 3
        for k, opened in enumerate((300, 260, 130, LAST_DAY + n))
    ]
    activities = [
        (f"a{n}-{k}", f"p{n}", kind, day(today, LAST_DAY + 4 * k))
        for n in numbers
        for k, kind in enumerate(
            ("meeting_held", "portal_login", "commitment_made", "commitment_met", "training_completed", "outreach_sent")
        )
    ]
    return [
        write(
            folder / "partners.csv",
            ("partner_id", "name", "lifecycle_stage", "manager_email", "segment", "tier", "signed_at", "employee_count"),
            partners,
        ),
        write(folder / "deals.csv", ("deal_id", "partner_id", "stage", "amount", "industry", "opened_at", "closed_at"), deals),
        write(folder / "activities.csv", ("activity_id", "partner_id", "kind", "occurred_at"), activities),
    ]


def next_month(folder: Path, today: date) -> list[Path]:
    """What happened after: every partner opens three deals, moves them on, wins one and registers it."""
    numbers = range(1, PARTNERS + 1)
    deals = [
        (
            f"n{n}-{k}",
            f"p{n}",
            ("proposal", "negotiation", "won")[k],
            9_000,
            "Energy",
            day(today, 50 - k),
            day(today, 45),
            day(today, 40) if k == 2 else "",
        )
        for n in numbers
        for k in range(3)
    ]
    activities = [(f"r{n}", f"p{n}", "deal_registered", day(today, 50)) for n in numbers]
    header = ("deal_id", "partner_id", "stage", "amount", "industry", "opened_at", "stage_changed_at", "closed_at")
    return [
        write(folder / "deals.csv", header, deals),
        write(folder / "activities.csv", ("activity_id", "partner_id", "kind", "occurred_at"), activities),
    ]


def write_sample_program(home: Home) -> None:
    """The sample's program file, where there is no ledger to keep what it replaces."""
    home.program_file.write_text(sample_program_text(), encoding="utf-8")


OWNED = {"Acorn": 0, "Birch": 0, "Cedar": 0, "Dogwood": 0, "Elm": 0, "Fir": 1, "Gum": 1, "Hazel": 1}


def newly_enabled(folder: Path, today: date) -> list[Path]:
    """Partners that were enabled a month ago and sold nothing yet, five of the first manager, three of the second; and an
    old one that nobody looks after, whose deal says how far the facts reach.
    """
    partners = [
        (name.lower(), name, "enabled", MANAGERS[place], day(today, 40), day(today, 30)) for name, place in OWNED.items()
    ]
    activities = [
        (f"{name.lower()}-{k}", name.lower(), "commitment_met", day(today, 2 + k))
        for name, kept in (("Acorn", 3), ("Birch", 2), ("Fir", 2), ("Gum", 1))
        for k in range(kept)
    ]
    header = ("partner_id", "name", "lifecycle_stage", "manager_email", "signed_at", "enabled_at")
    old = ("ivy", "Ivy", "active", "", day(today, 900), day(today, 880))
    return [
        write(folder / "partners.csv", header, [*partners, old]),
        write(folder / "activities.csv", ("activity_id", "partner_id", "kind", "occurred_at"), activities),
        first_deals(folder, {"ivy": today - timedelta(days=1)}),
    ]


def first_deals(folder: Path, opened: dict[str, date]) -> Path:
    """A deal of each partner named, opened on its day."""
    rows = [(f"deal-{name}-{on}", name, "proposal", 9_000, "Energy", on.isoformat()) for name, on in opened.items()]
    return write(folder / "deals.csv", ("deal_id", "partner_id", "stage", "amount", "industry", "opened_at"), rows)
