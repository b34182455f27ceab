"""Who manages which partners, with what hours; and moving a set of them to somebody else, as a fact."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.check import SOURCE_LINE
from nextplay.facts.merge import TableMerge
from nextplay.facts.scope import Reach
from nextplay.facts.tables import stored
from nextplay.facts.touched import move_facts
from nextplay.ledger import people, queries
from nextplay.ledger.portfolios import record_move
from nextplay.operations.dashboards.roll_up import roll_up
from nextplay.operations.installation import Installation
from nextplay.operations.record.deciding import free_hours
from nextplay.operations.viewer import DECIDERS, Role, Viewer, require
from nextplay.values.period import naive_utc, utc_day
from nextplay.values.progress import Progress, silent

PAGE = 100


class NobodyToMoveTo(ValueError):
    """Partners are given to somebody who can sign in as a manager or admin, or to nobody."""


@dataclass(frozen=True)
class Portfolio:
    """One manager: partners owned, hours a month, whether these are stated in the program file, and hours committed now."""

    email: str
    name: str
    partners: int
    hours: float
    stated: bool
    committed: float
    signs_in: bool


@dataclass(frozen=True)
class Owned:
    """A partner of a portfolio."""

    partner_id: str
    name: str
    segment: str | None
    tier: str | None
    stage: str


@dataclass(frozen=True)
class OwnedPage:
    """One page of a portfolio's partners, by name."""

    rows: tuple[Owned, ...]
    total: int
    page: int
    pages: int


def portfolios(installation: Installation, viewer: Viewer) -> list[Portfolio]:
    """Everybody who manages partners or could, those without partners last; the empty address stands for nobody.

    Raises NotForThisViewer.
    """
    require(viewer, Role.ADMIN)
    partners = installation.facts_now(Reach()).partners
    owner = partners.manager_email.lower().fill_null("")
    counts = dict(installation.warehouse.read(partners.group_by(email=owner).agg(partners=partners.count())).iter_rows())
    known = {one.email: one for one in people.people() if one.active and one.role in DECIDERS}
    capacity = installation.program.capacity
    stated = {manager.email.lower() for manager in capacity.managers if manager.hours is not None}
    cycle = queries.latest_cycle()
    committed = queries.decisions(cycle=cycle.month, status="committed") if cycle else []
    emails = {*counts, *(one.email for one in known.values() if one.role == Role.MANAGER)}
    emails |= {manager.email.lower() for manager in capacity.managers}
    found = [
        Portfolio(
            email=email,
            name=_called(email, known, capacity.name_of(email)),
            partners=counts.get(email, 0),
            hours=capacity.hours_of(email) if email else 0.0,
            stated=email in stated,
            committed=sum(one.hours for one in committed if one.owner.lower() == email),
            signs_in=email in known,
        )
        for email in emails
    ]
    return sorted(found, key=lambda one: (not one.email, not one.partners, one.name.lower(), one.email))


def partners_of(installation: Installation, viewer: Viewer, manager: str, *, page: int) -> OwnedPage:
    """The partners of one manager, of nobody where the address is empty. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    partners = installation.facts_now(Reach()).partners
    own = partners.filter(partners.manager_email.lower().fill_null("") == manager.strip().lower())
    total = int(installation.warehouse.read(own.count().as_table()).item())
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    wanted = own.select("partner_id", "name", "segment", "tier", stage=own.lifecycle_stage).order_by("name", "partner_id")
    rows = installation.warehouse.read(wanted.limit(PAGE, offset=(page - 1) * PAGE))
    return OwnedPage(tuple(Owned(**row) for row in rows.iter_rows(named=True)), total, page, pages)


def require_owner(installation: Installation, email: str) -> str:
    """The address partners may be moved to, as it is kept. Raises NobodyToMoveTo."""
    address = email.strip().lower()
    known = {one.email for one in people.people() if one.active and one.role in DECIDERS}
    known |= {manager.email.lower() for manager in installation.program.capacity.managers}
    if address and address not in known:
        raise NobodyToMoveTo(f"{address} is no manager. Choose one of: {', '.join(sorted(known))}.")
    return address


def move_partners(
    installation: Installation,
    *,
    manager: str,
    to: str,
    partner_ids: Sequence[str] | None,
    actor: str,
    now: datetime,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Give partners of one manager to another; None: all of them. What was moved away meanwhile stays where it is.

    A fact with its row in `changes`, so that a past day still shows who had them. Decisions without an outcome follow; where
    the hours committed then are more than the new manager has, the move stands and `over` says it, month by month.
    One transaction; doing it again moves nothing. Raises NobodyToMoveTo.
    """
    target, followed = require_owner(installation, to), dict[str, int]()

    def written(moved: Sequence[str]) -> None:
        followed.update(record_move(manager.strip().lower(), target, moved, actor=actor, now=now))

    moved = _in_facts(installation, manager.strip().lower(), target, partner_ids, now, progress, written)
    asked = len(moved) if partner_ids is None else len(set(partner_ids))
    progress(1.0, "Moved")
    told = {"moved": len(moved), "left": asked - len(moved), "manager": manager, "to": target}
    return told | {"decisions": sum(followed.values()), "over": _overdrawn(installation, target, list(followed))}


def _overdrawn(installation: Installation, owner: str, months: Sequence[str]) -> list[dict[str, Any]]:
    """Months in which an owner has more hours committed than there are: `month`, `committed` and `hours`."""
    hours = installation.program.capacity.hours_of(owner)
    free = {month: free_hours(installation, month, owner) for month in months}
    return [{"month": month, "committed": hours - left, "hours": hours} for month, left in free.items() if left < 0]


def _in_facts(
    installation: Installation,
    manager: str,
    to: str,
    partner_ids: Sequence[str] | None,
    now: datetime,
    progress: Progress,
    written: Callable[[Sequence[str]], None],
) -> list[str]:
    """Who was moved. `written` is called before the facts are closed: where it fails, nobody has moved."""
    partners = stored("partners")
    own = partners.filter(partners.manager_email.lower().fill_null("") == manager)
    if partner_ids is not None:
        own = own.filter(own.partner_id.isin(sorted(set(partner_ids))))
    with installation.warehouse.transaction() as change:
        moving = change.read(own.select("partner_id").order_by("partner_id"))
        if moving.is_empty() or manager == to:
            return []
        progress(0.3, f"Moving {moving.height:,} partners")
        merge = TableMerge(change, BY_NAME["partners"], naive_utc(now))
        merge.begin(["partner_id", "manager_email"])
        merge.add(
            moving.with_columns(
                pl.lit(to or None, dtype=pl.String).alias("manager_email"),
                pl.int_range(1, moving.height + 1, dtype=pl.Int64).alias(SOURCE_LINE),
            ).select(SOURCE_LINE, "partner_id", "manager_email")
        )
        merge.finish()
        move_facts(change)
        progress(0.7, "Adding up for the dashboards")
        roll_up(change, installation.program, today=utc_day(now))
        moved = [str(one) for one in moving["partner_id"]]
        written(moved)
    return moved


def _called(email: str, known: dict[str, Any], otherwise: str) -> str:
    if not email:
        return "Nobody"
    return known[email].name if email in known and known[email].name else otherwise
