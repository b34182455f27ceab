"""Why a partner is on the list: what speaks for it and against it, and a sentence whose every number is in the evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from nextplay.decisions.proposal import Evidence
from nextplay.decisions.value import MOST_TYPICAL, NO_AMOUNTS
from nextplay.program.plays import Play
from nextplay.signals.names import BY_NAME

Row = Mapping[str, Any]
Speaks = Literal["for", "against", "neither"]

# Under ten closed outcomes the chances are the play's assumption, and the sentence says so.
ENOUGH_CASES = 10
MOST_SHOWN = 5
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Observation:
    """Something worth saying about a partner, where it holds. Its numbers are the signals it names."""

    speaks: Speaks
    signals: tuple[str, ...]
    holds: Callable[[Row], bool]
    text: Callable[[Row], str]


def _count(number: float, one: str, many: str) -> str:
    return f"{number:.0f} {one if number == 1 else many}"


def _won(row: Row) -> str:
    won = round(row["win_rate_365"] * row["deals_closed_365"])
    return str(won) if won else "none"


def _commitments(row: Row) -> str:
    return f"{row['commitment_met_270']} of {row['commitment_met_270'] + row['commitment_missed_270']} commitments kept"


_PROMISES = ("commitment_met_270", "commitment_missed_270")

# Strongest first.
OBSERVATIONS = (
    Observation("for", _PROMISES, lambda r: r["commitment_met_270"] >= max(2, 2 * r["commitment_missed_270"]), _commitments),
    Observation(
        "for",
        ("selling_90",),
        lambda r: r["selling_90"] > 0,
        lambda r: _count(r["selling_90"], "selling event", "selling events") + " in 90 days",
    ),
    Observation(
        "for", ("lead_seller",), lambda r: r["lead_seller"] is not None, lambda r: f"lead seller named: {r['lead_seller']}"
    ),
    Observation(
        "for",
        ("target_list_shared_90",),
        lambda r: r["target_list_shared_90"] > 0,
        lambda r: _count(r["target_list_shared_90"], "target list", "target lists") + " shared in 90 days",
    ),
    Observation(
        "for",
        ("outreach_replied_180",),
        lambda r: r["outreach_replied_180"] > 0,
        lambda r: _count(r["outreach_replied_180"], "reply", "replies") + " to its outreach in 180 days",
    ),
    Observation(
        "for",
        ("response_days",),
        lambda r: r["proposals_180"] >= 2 and r["response_days"] <= 4 and r["step_accepted_180"] > r["step_declined_180"],
        lambda r: f"answers a proposed step in about {r['response_days']:.1f} days",
    ),
    Observation(
        "for",
        ("stalled_deals",),
        lambda r: r["stalled_deals"] > 0,
        lambda r: _count(r["stalled_deals"], "open deal", "open deals") + " without a change for 45 days",
    ),
    Observation(
        "for",
        ("executive_seen_180",),
        lambda r: r["executive_seen_180"] > 0,
        lambda r: "an executive took part " + _count(r["executive_seen_180"], "time", "times") + " in 180 days",
    ),
    Observation(
        "for",
        ("days_since_enabled",),
        lambda r: r["days_since_enabled"] is not None and 0 <= r["days_since_enabled"] <= 120 and r["selling_days"] == 0,
        lambda r: f"enabled {_count(r['days_since_enabled'], 'day', 'days')} ago",
    ),
    Observation(
        "for",
        ("customers",),
        lambda r: r["customers"] > 0,
        lambda r: _count(r["customers"], "customer", "customers") + " won so far",
    ),
    Observation(
        "for",
        ("days_since_signed",),
        lambda r: r["days_since_signed"] is not None and 0 <= r["days_since_signed"] <= 120 and r["selling_days"] == 0,
        lambda r: f"signed {_count(r['days_since_signed'], 'day', 'days')} ago",
    ),
    Observation("against", _PROMISES, lambda r: r["commitment_missed_270"] > r["commitment_met_270"], _commitments),
    Observation(
        "against",
        ("days_since_selling",),
        lambda r: (r["days_since_selling"] or 0) >= 45,
        lambda r: f"nothing sold for {r['days_since_selling']} days",
    ),
    Observation(
        "against",
        ("selling_days", "days_in_program"),
        lambda r: r["selling_days"] == 0 and r["days_in_program"] >= 30,
        lambda r: f"nothing sold in {r['days_in_program']} days",
    ),
    Observation(
        "against",
        ("response_days",),
        lambda r: r["proposals_180"] >= 2 and r["response_days"] > 7,
        lambda r: f"a proposed step waits about {r['response_days']:.0f} days",
    ),
    Observation(
        "against",
        ("win_rate_365", "deals_closed_365"),
        lambda r: r["win_rate_365"] is not None and r["win_rate_365"] <= 0.25,
        lambda r: f"{_won(r)} of {r['deals_closed_365']} closed deals won",
    ),
    Observation(
        "against",
        ("drop_off_risk",),
        lambda r: (r["drop_off_risk"] or 0) >= 0.4,
        lambda r: f"{100 * r['drop_off_risk']:.0f}% risk of no selling event in 60 days",
    ),
    Observation(
        "against",
        ("sellers", "contacts"),
        lambda r: r["contacts"] > 0 and r["sellers"] == 0,
        lambda r: f"none of {r['contacts']} contacts sells" if r["contacts"] > 1 else "the only contact does not sell",
    ),
)


# Signals that only say when something holds.
_TESTED = ("proposals_180", "step_accepted_180", "step_declined_180", "selling_days")
# What a deal that stands still comes to, and what of it counts.
_STALLED = ("stalled_largest", "stalled_counted")
# Numbers of the board that a sentence states.
_STATED = ("drop_off_risk", "typical_deal", "qualified_share", "does_its_part")
# All of a partner's row that is read here, beside what `propose` adds of the play: of two hundred columns few.
READ = tuple(sorted({"name", *_STALLED, *_TESTED, *_STATED, *(signal for one in OBSERVATIONS for signal in one.signals)}))


def observed(row: Row) -> list[Observation]:
    """What holds for the partner, strongest first, at most five, with at least one against where there is any."""
    holding = [observation for observation in OBSERVATIONS if observation.holds(row)]
    speaks_for = [observation for observation in holding if observation.speaks == "for"]
    against = [observation for observation in holding if observation.speaks == "against"]
    return [*speaks_for[: MOST_SHOWN - min(2, len(against))], *against[:2]]


def evidence(row: Row, seen: Sequence[Observation], cases: int) -> tuple[Evidence, ...]:
    """The numbers that the sentence uses, and their words for the page; `seen` as `observed` answers."""
    shown = {one.signal: one for one in noted(row, seen)}
    for signal in (*_STATED, "extra_deals"):
        shown.setdefault(signal, _evidence(signal, row[signal], "", "neither"))
    if row["freed_share"]:
        shown.setdefault("freed_share", _evidence("freed_share", row["freed_share"], "", "neither"))
        shown.setdefault("stalled_largest", _evidence("stalled_largest", row["stalled_largest"], "", "neither"))
    if row["play_suits"] < 1:
        left = f"{row['play_less']}: {100 * row['play_suits']:.0f}% of the play is left"
        shown["play_suits"] = _evidence("play_suits", row["play_suits"], left, "against")
    return (*shown.values(), _evidence("play_cases", cases, "", "neither"))


def noted(row: Row, seen: Sequence[Observation]) -> tuple[Evidence, ...]:
    """What was observed, with its numbers: what is known of a partner whatever is done with it."""
    shown: dict[str, Evidence] = {}
    for observation in seen:
        for place, signal in enumerate(observation.signals):
            text = observation.text(row) if place == 0 else ""
            if signal not in shown or text:
                shown[signal] = _evidence(signal, row[signal], text, observation.speaks)
    return tuple(shown.values())


def _evidence(signal: str, value: int | float | str | None, text: str, speaks: Speaks) -> Evidence:
    rounded = round(value, 4) if isinstance(value, float) else value
    return Evidence(signal, rounded, BY_NAME[signal].window_days, text, speaks)


def sentence(
    row: Row,
    seen: Sequence[Observation],
    play: Play,
    due: date,
    chances: tuple[float, float],
    gain: float,
    cases: int,
    currency: str,
) -> str:
    """One sentence with numbers, as in the decision method, section 9."""
    p_with, p_without = chances
    backed = f"{cases} cases" if cases >= ENOUGH_CASES else f"as the program assumes, {_count(cases, 'case', 'cases')} so far"
    return (
        f"Run the {_lower(play.label)} with {row['name']} by {spoken(due)}{_because(row, seen)}; like partners reach it "
        f"{100 * p_with:.0f}% of the time with the play, {100 * p_without:.0f}% without ({backed}): "
        f"{_worth(row, gain, currency)} for {play.hours:g} hours."
    )


def _worth(row: Row, gain: float, currency: str) -> str:
    deals = f"+{row['extra_deals']:g} deals"
    # Said where it takes something off.
    share = f" x {100 * row['qualified_share']:.0f}% that qualify" if row["qualified_share"] < 1 else ""
    if row["typical_deal"] == NO_AMOUNTS:
        return f"{deals}{share}, as no amounts are known,"
    return f"{deals}{share} x {row['typical_deal']:,.0f} {currency}{_freed(row, currency)} = {gain:,.0f} {currency}"


def _freed(row: Row, currency: str) -> str:
    counted = row["stalled_counted"]
    if not (row["freed_share"] and counted):
        return ""
    capped = f", {MOST_TYPICAL} typical deals, of {row['stalled_largest']:,.0f}" if counted < row["stalled_largest"] else ""
    return f" + {100 * row['freed_share']:.4g}% of {counted:,.0f} {currency}{capped} that stand still"


def _because(row: Row, seen: Sequence[Observation]) -> str:
    reasons = " and ".join([one.text(row) for one in seen if one.speaks == "for"][:2])
    doubts = next((one.text(row) for one in seen if one.speaks == "against"), "")
    if reasons and doubts:
        return f": {reasons}, but {doubts}"
    return f": {reasons or doubts}" if reasons or doubts else ""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def spoken(day: date) -> str:
    """`12 March 2026`, whatever the machine's language is."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
