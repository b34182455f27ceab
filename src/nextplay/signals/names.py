"""The catalogue of signals: each number's name, unit, window and formula. Knows no engine, so that rules may name signals."""

from dataclasses import dataclass
from typing import Literal

from nextplay.facts.contract import ACTIVITY_KINDS

Unit = Literal["count", "days", "money", "share", "flag", "text", "number"]

# Days that every kind of activity is counted over.
WINDOWS = (30, 90, 180)
# Promises are judged over nine months: shorter windows hold too few of them.
PROMISE_DAYS = 270
# An open deal that has not moved for this long stands still.
STALLED_DAYS = 45

# A deal younger than this may still qualify; stages from which on one does.
RIPE_DAYS = 60
QUALIFIED_STAGES = ("qualification", "proposal", "negotiation", "won")

KINDS = ACTIVITY_KINDS
# The partner itself did something towards selling.
WILL_KINDS = (
    "step_accepted",
    "target_list_shared",
    "narrative_shared",
    "outreach_sent",
    "outreach_replied",
    "commitment_met",
)
# Work that a play asks for. Where it bears the play's name it says that the play was run, not what the partner does by itself.
PLAY_MADE_KINDS = ("meeting_held", "target_list_shared", "narrative_shared", "outreach_sent", "outreach_replied")
# What we do ourselves in a play: never its outcome.
OUR_KINDS = ("meeting_held", "step_proposed", "commitment_made")


@dataclass(frozen=True)
class Signal:
    """One named number of a partner on a day. `window_days` None: over all time, or a state on that day."""

    name: str
    unit: Unit
    formula: str
    window_days: int | None = None


def _but(kind: str) -> str:
    return ", without those of a play" if kind in PLAY_MADE_KINDS else ""


def _of_kinds() -> tuple[Signal, ...]:
    counted = [
        Signal(f"{kind}_{days}", "count", f"activities of kind {kind} in the last {days} days{_but(kind)}", days)
        for kind in KINDS
        for days in WINDOWS
    ]
    promised = [
        Signal(f"{kind}_{PROMISE_DAYS}", "count", f"activities of kind {kind} in the last {PROMISE_DAYS} days", PROMISE_DAYS)
        for kind in ("commitment_met", "commitment_missed")
    ]
    recent = [Signal(f"days_since_{kind}", "days", f"day - last activity of kind {kind}{_but(kind)}") for kind in KINDS]
    return (*counted, *promised, *recent)


def _faded(stem: str) -> Signal:
    halved = f"{stem}_30 + ({stem}_90 - {stem}_30) / 2 + ({stem}_180 - {stem}_90) / 4: older ones count for less"
    return Signal(f"{stem}_faded", "number", halved, 180)


_PROFILE = (
    Signal("name", "text", "the partner's name"),
    Signal("segment", "text", "segment on the day"),
    Signal("tier", "text", "tier on the day"),
    Signal("lifecycle_stage", "text", "lifecycle stage on the day"),
    Signal("manager_email", "text", "partner manager on the day"),
    Signal("workable", "flag", "1 where the program gives hours to the lifecycle stage"),
    Signal("member", "flag", "1 where the lifecycle stage is signed or further"),
    Signal("employee_count", "number", "employees of the partner"),
    Signal("days_since_signed", "days", "day - signed_at"),
    Signal("days_since_enabled", "days", "day - enabled_at"),
    Signal(
        "days_in_program", "days", "day - first of enabled_at, onboarded_at, signed_at, else of the first thing seen; else 0"
    ),
    Signal("contacts", "count", "people known at the partner"),
    Signal("sellers", "count", "contacts in the role lead_seller or seller"),
    Signal("lead_seller", "text", "name of the contact in the role lead_seller"),
    Signal("executives", "count", "contacts in the role executive"),
)
_SELLING = (
    *(
        Signal(f"selling_{days}", "count", f"larger of selling activities and deals brought, last {days} days", days)
        for days in WINDOWS
    ),
    Signal("selling_days_365", "count", "different days with a selling activity or a deal brought, last 365 days", 365),
    Signal("selling_days", "count", "different days with a selling activity or a deal brought"),
    Signal("days_since_selling", "days", "day - last selling activity or deal brought"),
    Signal(
        "usual_gap_days",
        "days",
        "(last - first selling day + 60) / (selling days - 1 + 2): own rhythm over 365 days, shrunk",
        365,
    ),
    Signal("silence", "number", "days_since_selling / usual_gap_days", 365),
    _faded("selling"),
    Signal(
        "momentum",
        "number",
        "(selling_90 - b) / (selling_90 + b + 2), b = selling_180 - selling_90: above 0 it sells more than before",
        180,
    ),
)
_DEALS = (
    Signal("deals_open", "count", "deals neither won nor lost"),
    *(Signal(f"deals_won_{days}", "count", f"deals won in the last {days} days", days) for days in (90, 180)),
    Signal("deals_closed_365", "count", "deals won or lost in the last 365 days", 365),
    Signal("win_rate_365", "share", "won / (won + lost), last 365 days; not known under 5", 365),
    Signal("open_value", "money", "sum of open deals with a known amount"),
    *(
        Signal(f"opened_{days}", "count", f"deals the partner brought, opened in the last {days} days", days)
        for days in WINDOWS
    ),
    Signal("stalled_deals", "count", f"open deals without a change for {STALLED_DAYS} days or more"),
    Signal("stalled_value", "money", "sum of stalled deals with a known amount"),
    Signal("stalled_largest", "money", "largest of stalled deals with a known amount; 0 where there is none"),
    Signal("stalled_share", "share", "stalled_deals / deals_open; not known without open deals"),
    Signal("customers", "count", "different accounts with a won deal"),
    Signal(
        "ripe_deals_365",
        "count",
        f"deals brought, opened in 365 days and over {RIPE_DAYS} days ago; no lost ones without a record of their stages",
        365,
    ),
    Signal(
        "qualified_deals_365",
        "count",
        "of those, deals that stand in qualification or further, or did by the record of changes",
        365,
    ),
    Signal("sized_deals", "count", "deals with a known amount above 0"),
    Signal("sized_value", "money", "sum of sized deals"),
    Signal("log_size", "number", "mean of ln(amount) over sized deals"),
    Signal("revenue_180", "money", "revenue recognized in the last 180 days", 180),
    Signal("revenue_before_180", "money", "revenue recognized in the 180 days before those", 360),
)
# Who logs in, trains or attends a webinar is not seen at work.
_AT_WORK = ", without logins, trainings, certifications and webinars"
_PEOPLE = (
    *(
        Signal(
            f"sellers_active_{days}",
            "count",
            f"different selling contacts seen at work in the last {days} days{_AT_WORK}",
            days,
        )
        for days in (60, 180)
    ),
    Signal("days_since_activity", "days", "day - last activity of any known kind, without those of a play"),
    Signal("executive_seen_180", "count", f"activities by an executive contact in the last 180 days{_AT_WORK}", 180),
    Signal("proposals_180", "count", "steps proposed in the last 180 days", 180),
    Signal("answered_180", "count", "proposed steps that were accepted or declined since", 180),
    Signal("response_days", "days", "(days to answers + days open proposals have waited + 2 x 7) / (answers + 2)", 180),
    Signal("accepted_share_180", "share", "steps accepted / steps proposed, 1 at most; not known without proposals", 180),
    Signal("reply_rate_180", "share", "(outreach_replied_180 + 1) / (outreach_sent_180 + 4); not known without outreach", 180),
    Signal(
        "list_and_narrative_180", "flag", "1 where a target list and an offer in its own words were shared in 180 days", 180
    ),
    Signal(
        "commitments_kept_270",
        "share",
        "(commitment_met_270 + 1.2) / (commitment_met_270 + commitment_missed_270 + 2.4); not known under 2 of them",
        270,
    ),
    Signal(
        "commitments_open_90",
        "count",
        "commitments made in the last 90 days - met - missed; 0 at least",
        90,
    ),
    Signal("attention_180", "count", "meetings held, without those of a play, and webinars attended, last 180 days", 180),
    Signal("badges_180", "count", "logins, trainings, certifications and webinars, last 180 days", 180),
    Signal("will_180", "count", f"of kinds {', '.join(WILL_KINDS)}, last 180 days", 180),
    *(Signal(f"will_{days}", "count", f"of kinds {', '.join(WILL_KINDS)}, last {days} days", days) for days in (30, 90)),
    _faded("will"),
    Signal("fresh_or_willing", "flag", "1 where days_in_program <= 270 or will_180 >= 1"),
)
# Known only once the ledger and the whole program are looked at; decisions add them to the frame.
_DECIDED = (
    Signal("plays_missed", "count", "committed plays that ended without their outcome"),
    Signal("drop_off_risk", "share", "chance of no selling event in the next 60 days, for those who sold in the last 90", 90),
    Signal("typical_deal", "money", "expected deal size, shrunk towards the segment"),
    Signal(
        "qualified_share",
        "share",
        "(qualified_deals_365 + 4 x the program's) / (ripe_deals_365 + 4), the program's likewise against 1",
        365,
    ),
    Signal("does_its_part", "share", "chance that the partner does its part of a play, from what it promised and did"),
)
# Numbers of one play for one partner: no condition of a play can name them.
_OF_A_PLAY = (
    Signal("extra_deals", "number", "deals that the play is expected to add within the horizon"),
    Signal("freed_share", "share", "chance that the play frees the largest deal that stands still"),
    Signal("play_suits", "share", "part of the play that `less_for` leaves for this partner"),
    Signal("play_cases", "count", "closed outcomes of the play so far"),
)

# What there is to read first stands first.
GROUPS: tuple[tuple[str, tuple[Signal, ...]], ...] = (
    ("Selling", _SELLING),
    ("Deals and revenue", _DEALS),
    ("People, answers and promises", _PEOPLE),
    ("Activities by kind", _of_kinds()),
    ("Who it is", _PROFILE),
)
FROM_FACTS = tuple(signal for _, group in GROUPS for signal in group)
OF_PARTNERS = (*FROM_FACTS, *_DECIDED)
SIGNALS = (*OF_PARTNERS, *_OF_A_PLAY)
BY_NAME = {signal.name: signal for signal in SIGNALS}
