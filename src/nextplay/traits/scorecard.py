"""The lines of an Activation Scorecard: six traits, and eight things a partner does on its way to selling, with evidence."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from nextplay.program.scorecard import Mark, ScorecardMarks
from nextplay.traits.read import TRAITS, TraitReading
from nextplay.traits.words import said

Unit = Literal["score", "count", "days", "share"]
Standing = Literal["on target", "on the way", "red flag", "unknown"]
Part = Literal["trait", "activation"]

# As many rows as a line is read with; its value counts all.
MOST_ROWS = 12


@dataclass(frozen=True)
class ProofRow:
    """A row of the facts behind a line."""

    row_id: str
    on: date | None
    what: str


@dataclass(frozen=True)
class Line:
    """One line. `value` None: not known. `signals` and `rows` are what it rests on; `seen` says it in words."""

    name: str
    part: Part
    label: str
    unit: Unit
    value: float | None
    seen: str
    signals: tuple[str, ...]
    rows: tuple[ProofRow, ...]
    target: float
    floor: float
    verdict: Standing


# What a partner does on its way to selling, in the order in which it comes to it: label and unit.
_ACTIVATION: dict[str, tuple[str, Unit]] = {
    "lead_seller_session": ("Lead seller with a dated session", "count"),
    "offer_in_own_words": ("Offer in own words", "count"),
    "joint_target_list": ("Joint target list", "count"),
    "outreach_sprint": ("Outreach sprint done", "count"),
    "reply_time": ("Reply time", "days"),
    "commitments_met": ("Commitments met", "share"),
    "first_deal": ("First registered deal", "count"),
    "second_deal_alone": ("Second deal without our help", "count"),
}
# What the lines that count rows of `signals.activation` count: one, and many.
_COUNTED = {
    "lead_seller_session": ("session in 90 days", "sessions in 90 days"),
    "offer_in_own_words": ("offer in 180 days", "offers in 180 days"),
    "joint_target_list": ("list in 180 days", "lists in 180 days"),
    "outreach_sprint": ("account written to in 90 days", "accounts written to in 90 days"),
    "first_deal": ("deal brought so far", "deals brought so far"),
    "second_deal_alone": ("further deal without us", "further deals without us"),
}
# Label and unit of every line, in the order of the card.
LABELS: dict[str, tuple[str, Unit]] = {trait.name: (trait.label, "score") for trait in TRAITS} | _ACTIVATION
ACTIVATION = tuple(_ACTIVATION)


def lines(
    signals: pl.DataFrame, traits: tuple[TraitReading, ...], rows: pl.DataFrame, marks: ScorecardMarks
) -> tuple[Line, ...]:
    """All lines of one partner: `signals` has its one row, `rows` those of `activation_rows`."""
    row = signals.row(0, named=True)
    found = {name: _counted(name, row, rows.filter(pl.col("line") == name)) for name in _COUNTED}
    found |= {"reply_time": _reply_time(row), "commitments_met": _commitments_met(row)}
    activation = tuple(_line(name, "activation", found[name], getattr(marks.activation, name)) for name in ACTIVATION)
    return (*(_line(one.trait, "trait", _trait(one), getattr(marks.traits, one.trait)) for one in traits), *activation)


def blank_lines(marks: ScorecardMarks) -> tuple[Line, ...]:
    """All lines with their targets and nothing else: to be filled in by hand."""
    nothing = _Found(None, "")
    traits = tuple(_line(one.name, "trait", nothing, getattr(marks.traits, one.name)) for one in TRAITS)
    return (*traits, *(_line(name, "activation", nothing, getattr(marks.activation, name)) for name in ACTIVATION))


def standing(value: float | None, mark: Mark) -> Standing:
    """Where a value stands between its floor and its target; a value on either of them has reached it."""
    if value is None:
        return "unknown"
    up = 1 if mark.target > mark.floor else -1
    if up * value >= up * mark.target:
        return "on target"
    return "red flag" if up * value <= up * mark.floor else "on the way"


@dataclass(frozen=True)
class _Found:
    """What there is of a line."""

    value: float | None
    seen: str
    signals: tuple[str, ...] = ()
    rows: tuple[ProofRow, ...] = ()


def _line(name: str, part: Part, found: _Found, mark: Mark) -> Line:
    label, unit = LABELS[name]
    verdict = standing(found.value, mark)
    return Line(name, part, label, unit, found.value, found.seen, found.signals, found.rows, mark.target, mark.floor, verdict)


def _trait(reading: TraitReading) -> _Found:
    seen = said(reading.evidence) if reading.score is not None else f"not known: takes {reading.minimum}"
    return _Found(reading.score, seen, tuple(name for name, _ in reading.evidence))


def _counted(name: str, row: dict[str, object], rows: pl.DataFrame) -> _Found:
    who = ""
    if name == "lead_seller_session":
        if not row["contacts"]:
            # Without people on record nobody knows who leads.
            return _Found(None, "not known: no people on record")
        # With people and no lead among them, no session was with one.
        rows = rows if row["lead_seller"] else rows.clear()
        who = f"{row['lead_seller'] or 'no lead seller named'}: "
    one, many = _COUNTED[name]
    newest = rows.sort("at", "row_id", descending=True, nulls_last=True).head(MOST_ROWS)
    proof = tuple(
        ProofRow(each["row_id"], each["at"].date() if each["at"] else None, each["what"]) for each in newest.to_dicts()
    )
    return _Found(float(rows.height), f"{who}{rows.height or 'no'} {one if rows.height == 1 else many}", rows=proof)


def _reply_time(row: dict[str, object]) -> _Found:
    names = ("response_days", "proposals_180", "answered_180")
    if not row["proposals_180"]:
        return _Found(None, "not known: nothing was proposed", names)
    return _Found(_number(row["response_days"]), said(tuple((name, _number(row[name])) for name in names[1:])), names)


def _commitments_met(row: dict[str, object]) -> _Found:
    names = ("commitments_kept_270", "commitment_met_270", "commitment_missed_270")
    met, missed = _number(row["commitment_met_270"]) or 0.0, _number(row["commitment_missed_270"]) or 0.0
    # The share as it is; the signal is shrunk, and known from two commitments on.
    known = row["commitments_kept_270"] is not None
    seen = said(tuple((name, _number(row[name])) for name in names[1:]))
    return _Found(met / (met + missed) if known else None, seen, names)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
