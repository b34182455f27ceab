"""Focus this month: what waits for a decision, what runs, who stops, and why all others were left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl

from nextplay.decisions.proposal import STANDING, Cycle, Evidence, NextAction
from nextplay.decisions.propose import busy_hours
from nextplay.facts.scope import Reach
from nextplay.ledger import queries
from nextplay.ledger.records import DecisionRecord
from nextplay.operations.deciding.focus_page import (
    HELD_BACK,
    NOT_TOLD,
    FocusPage,
    FocusRow,
    LeftOutRow,
    OwnerHours,
    ReasonRow,
    StopRow,
)
from nextplay.operations.installation import Installation
from nextplay.operations.named_people import names_of_people
from nextplay.operations.record.close_outcomes import outcomes_told
from nextplay.operations.record.cycles import by_another_version, is_old, latest_cycle, only_decisions
from nextplay.operations.record.history import past_of
from nextplay.operations.viewer import TEAM, Viewer, reach_of, require
from nextplay.program.definition import Program
from nextplay.values.period import utc_day

# A play that ended is shown among those under way for this long, with how it ended.
SHOWN_AFTER_END = timedelta(days=31)


def show_focus(installation: Installation, viewer: Viewer, *, now: datetime) -> FocusPage:
    """The page for the viewer's partners. Raises NotForThisViewer for the partner role."""
    require(viewer, *TEAM)
    cycle = latest_cycle(installation.home)
    if cycle is None:
        return FocusPage(state="no_cycle", data_until=installation.span.last_happened)
    every = queries.decisions()
    of_cycle = [one for one in every if one.cycle == cycle.cycle]
    standing = _as_decided(_within_reach(installation, viewer, cycle), of_cycle)
    seen = set(standing["partner_id"]) if reach_of(viewer, installation.program) != Reach() else None
    records = [one for one in every if seen is None or one.partner_id in seen or one.owner == viewer.email]
    called = names_of_people(installation.program)
    rows = _rows(installation, cycle, _on_page(records, cycle), called, today=utc_day(now))
    prices = _hour_prices(installation.program, cycle, standing)
    owners = _owners(installation.program, viewer, cycle, of_cycle, called, prices)
    others = sorted(prices.keys() - {one.email for one in owners})
    return FocusPage(
        state="ready",
        cycle=cycle.cycle,
        as_of=cycle.as_of,
        data_until=installation.span.last_happened,
        currency=cycle.currency,
        facts_version=cycle.facts_version,
        program_version=cycle.program_version,
        stale=is_old(installation, cycle),
        by_another_version=by_another_version(installation.home),
        # Where there is nobody, nothing is missing.
        whole=standing.is_empty() or not only_decisions(cycle),
        partners=standing.height,
        owners=owners,
        colleagues=tuple((email, _called(email, called)) for email in others),
        waiting=tuple(row for row in rows if row.status == "proposed"),
        decided=tuple(row for row in rows if row.status in ("declined", "snoozed")),
        running=tuple(row for row in rows if row.status == "committed"),
        stop=_stops(installation, cycle, standing),
        held_back=standing.filter(pl.col("placement") == "holdout").height,
        left_out=_reasons(standing),
        notes=cycle.notes,
    )


def left_out_because(installation: Installation, viewer: Viewer, reason: str, *, limit: int = 200) -> tuple[LeftOutRow, ...]:
    """Who was left out for a reason, or held back (`HELD_BACK`), the first `limit` by id.

    Raises NotForThisViewer for the partner role.
    """
    require(viewer, *TEAM)
    cycle = latest_cycle(installation.home)
    if cycle is None:
        return ()
    standing = _as_decided(_within_reach(installation, viewer, cycle), queries.decisions(cycle=cycle.cycle))
    rows = standing.filter(pl.col("placement") == "holdout" if reason == HELD_BACK else pl.col("reason") == reason).head(limit)
    named = _named(installation, cycle, rows["partner_id"].to_list())
    return tuple(
        LeftOutRow(
            row["partner_id"], named[row["partner_id"]][0], row["owner"], row["action"], row["why"], row["change_our_mind"]
        )
        for row in rows.iter_rows(named=True)
    )


def next_action_of(installation: Installation, partner_id: str) -> NextAction | None:
    """The next best action of one partner in the latest cycle. The caller has checked that the viewer may see the partner."""
    cycle = latest_cycle(installation.home)
    return cycle.next_actions.of(partner_id) if cycle else None


def _within_reach(installation: Installation, viewer: Viewer, cycle: Cycle) -> pl.DataFrame:
    frame, reach = cycle.next_actions.frame, reach_of(viewer, installation.program)
    if only_decisions(cycle):
        return _nowhere(installation, reach, cycle)
    if reach == Reach():
        return frame
    partners = installation.facts_now(reach).partners
    return frame.join(
        installation.warehouse.read(partners.select("partner_id")), on="partner_id", how="semi", maintain_order="left"
    )


def _nowhere(installation: Installation, reach: Reach, cycle: Cycle) -> pl.DataFrame:
    """Everybody of the day with the own manager, of whom nothing else is told (columns of `STANDING`)."""
    partners = installation.facts(cycle.as_of, reach).partners
    named = installation.warehouse.read(
        partners.select("partner_id", owner=partners.manager_email.lower()).order_by("partner_id")
    )
    told = {"placement": "left_out", "reason": NOT_TOLD, "action": "", "why": "", "change_our_mind": ""}
    others = [pl.lit(told.get(name), dtype).alias(name) for name, dtype in STANDING.items() if name not in named.columns]
    return named.with_columns(*others)


def _as_decided(standing: pl.DataFrame, of_cycle: Sequence[DecisionRecord]) -> pl.DataFrame:
    """Whoever was brought up since as next in line, or decided on by hand, is left out no more."""
    came = sorted({one.partner_id for one in of_cycle})
    on_page = (pl.col("placement") != "focus") & pl.col("partner_id").is_in(came)
    return standing.with_columns(
        placement=pl.when(on_page).then(pl.lit("focus")).otherwise("placement"),
        reason=pl.when(on_page).then(pl.lit("")).otherwise("reason"),
    )


def _on_page(records: Sequence[DecisionRecord], cycle: Cycle) -> list[DecisionRecord]:
    """All of this cycle, and committed work of others that runs or ended lately; most gain first."""
    recent = cycle.as_of - SHOWN_AFTER_END
    kept = [
        one
        for one in records
        if one.cycle == cycle.cycle or (one.status == "committed" and (one.result == "open" or one.outcome_by >= recent))
    ]
    return sorted(kept, key=lambda one: (-one.expected_gain, one.partner_id))


def _rows(
    installation: Installation, cycle: Cycle, records: Sequence[DecisionRecord], called: Mapping[str, str], *, today: date
) -> list[FocusRow]:
    named = _named(installation, cycle, [one.partner_id for one in records])
    labels = {play.name: play.label for play in installation.program.plays}
    rows = [_row(one, named[one.partner_id], labels.get(one.play, one.play), called, today) for one in records]
    return _turned(rows, cycle, called)


def _turned(rows: list[FocusRow], cycle: Cycle, called: Mapping[str, str]) -> list[FocusRow]:
    """With what would change our mind, of decisions that this cycle holds as they are, and whose work another manager does."""
    turns, held = cycle.next_actions.turns, cycle.focus.ids
    told = []
    for row in rows:
        if row.decision_id not in held:
            told.append(row)
            continue
        mind, instead = turns.get(row.partner_id, ("", None))
        risk, why = cycle.next_actions.risks.get(row.partner_id, (None, ""))
        named = _called(instead, called) if instead else ""
        told.append(replace(row, change_our_mind=mind, instead_of=named, drop_off_risk=risk, drop_off_reason=why))
    return told


def _row(
    record: DecisionRecord, named: tuple[str, str | None, str | None], label: str, called: Mapping[str, str], today: date
) -> FocusRow:
    shown = tuple(Evidence(**one) for one in record.evidence)
    cases = next((int(one.value) for one in shown if one.signal == "play_cases" and isinstance(one.value, int | float)), 0)
    copied = {name: getattr(record, name) for name in _COPIED}
    return FocusRow(
        partner_name=named[0],
        segment=named[1],
        tier=named[2],
        play_label=label,
        owner_name=_called(record.owner, called),
        decided_name=_called(record.decided_by, called),
        cases=cases,
        evidence=tuple(one for one in shown if one.text),
        alternatives=tuple((one["play"], one["expected_gain"]) for one in record.alternatives),
        days_left=(record.outcome_by - today).days,
        **copied,
    )


_TURNED = {"change_our_mind", "instead_of", "drop_off_risk", "drop_off_reason"}
_SHAPED = {"partner_name", "segment", "tier", "play_label", "owner_name", "decided_name"}
_SHAPED |= {"cases", "evidence", "alternatives", "days_left"}
_COPIED = tuple(name for name in FocusRow.__dataclass_fields__ if name not in _SHAPED | _TURNED)


def _named(installation: Installation, cycle: Cycle, ids: Iterable[str]) -> dict[str, tuple[str, str | None, str | None]]:
    """Name, segment and tier of partners on the cycle's day; one that has left the facts goes by its id."""
    wanted = sorted(set(ids))
    named: dict[str, tuple[str, str | None, str | None]] = {one: (one, None, None) for one in wanted}
    if wanted:
        partners = installation.facts(cycle.as_of, Reach()).partners
        rows = installation.warehouse.read(
            partners.filter(partners.partner_id.isin(wanted)).select("partner_id", "name", "segment", "tier")
        )
        named |= {key: (name, segment, tier) for key, name, segment, tier in rows.iter_rows()}
    return named


def _called(email: str, called: Mapping[str, str]) -> str:
    return called.get(email.lower(), email)


def _hour_prices(program: Program, cycle: Cycle, standing: pl.DataFrame) -> dict[str, float]:
    """What the last hour earns, by manager; where only decisions are known, of all with hours or partners, and unknown (0)."""
    if only_decisions(cycle):
        named = {manager.email.lower() for manager in program.capacity.managers}
        return dict.fromkeys(named.union(standing["owner"].drop_nulls()), 0.0)
    return {one.email: one.hour_price for one in cycle.owners}


def _owners(
    program: Program,
    viewer: Viewer,
    cycle: Cycle,
    of_cycle: Sequence[DecisionRecord],
    called: Mapping[str, str],
    prices: Mapping[str, float],
) -> tuple[OwnerHours, ...]:
    everyone = reach_of(viewer, program) == Reach()
    emails = sorted({*prices, *(one.owner.lower() for one in of_cycle)})
    mine = [email for email in emails if everyone or email == viewer.email.lower()]
    busy = busy_hours(past_of(cycle.as_of, outcomes_told()), program, cycle.as_of)
    own = {email: [one for one in of_cycle if one.owner.lower() == email] for email in mine}
    return tuple(
        _load(email, _called(email, called), program, own[email], busy.get(email, 0.0), prices.get(email, 0.0))
        for email in mine
    )


def _load(email: str, name: str, program: Program, own: Sequence[DecisionRecord], committed: float, price: float) -> OwnerHours:
    waiting = [one for one in own if one.status == "proposed"]
    capacity, proposed = program.capacity.hours_of(email), sum(one.hours for one in waiting)
    return OwnerHours(
        email=email,
        name=name,
        capacity=capacity,
        committed=committed,
        proposed=proposed,
        free=max(capacity - committed - proposed, 0.0),
        plays_committed=sum(one.status == "committed" for one in own),
        plays_proposed=len(waiting),
        hour_price=price,
    )


def _stops(installation: Installation, cycle: Cycle, standing: pl.DataFrame) -> tuple[StopRow, ...]:
    stopped = standing.filter(pl.col("placement") == "stop")
    owners = dict(stopped.select("partner_id", "owner").iter_rows())
    plays = dict(stopped.select("partner_id", "play").iter_rows())
    named = _named(installation, cycle, owners)
    return tuple(
        StopRow(
            one.partner_id, *named[one.partner_id], owners[one.partner_id], plays[one.partner_id], one.why, one.change_our_mind
        )
        for one in cycle.stop
        if one.partner_id in owners
    )


def _reasons(standing: pl.DataFrame) -> tuple[ReasonRow, ...]:
    rows = standing.filter(pl.col("placement") == "left_out").group_by("reason").agg(count=pl.len())
    return tuple(
        ReasonRow(reason, count) for reason, count in rows.sort("count", "reason", descending=[True, False]).iter_rows()
    )
