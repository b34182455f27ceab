"""Which figures rest on which optional tables and columns, in the words of the pages that show them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Need:
    """A figure, and the column (or whole table, or kinds of activity) without which it is refused or weaker."""

    what: str
    table: str
    column: str | None
    fix: str
    without: Literal["refused", "weaker"] = "refused"
    kinds: tuple[str, ...] = ()
    # Another place that serves as well.
    or_else: tuple[str, str] | None = None

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Tables and columns that can serve."""
        own = ((self.table, self.column),) if self.column else ()
        return own + ((self.or_else,) if self.or_else else ())


def _column(what: str, place: str, fix: str, without: Literal["refused", "weaker"] = "refused") -> Need:
    table, _, column = place.partition(".")
    return Need(what, table, column, fix, without)


def _kinds(what: str, fix: str, *kinds: str) -> Need:
    return Need(what, "activities", None, fix, kinds=kinds)


NEEDS = (
    Need("Pipeline, win rate, new deals", "deals", None, "Import deals.csv; deal_id and stage are enough to begin with."),
    Need("Revenue", "revenue", None, "Import revenue.csv from your billing."),
    Need("Signals of behavior", "activities", None, "Import activities.csv: meetings, registrations, logins."),
    Need("Strengths in the partner's own words", "documents", None, "Import call notes as documents.csv.", "weaker"),
    Need("Stages of past days", "changes", None, "Import the stage history of your deals as changes.csv.", "weaker"),
    Need("People who sell", "contacts", None, "Import contacts.csv with roles."),
    _column("Pipeline amounts", "deals.amount", "Add amount to the deals export."),
    _column("Deals by partner", "deals.partner_id", "Add partner_id to the deals export."),
    _column("New pipeline of a period", "deals.opened_at", "Add opened_at (or the day of creation) to the deals export."),
    _column("Win rate of a period", "deals.closed_at", "Add closed_at to the deals export."),
    _column("Days in stage", "deals.stage_changed_at", "Add stage_changed_at to the deals export."),
    _column("Sourced against influenced", "deals.sourced_by", "Add sourced_by to the deals export.", "weaker"),
    _column("Deals past their date", "deals.expected_close_at", "Add expected_close_at to the deals export.", "weaker"),
    _column("Segment and tier filters", "partners.segment", "Add segment to the partners export."),
    _column("Tier filter and tier benchmark", "partners.tier", "Add tier to the partners export."),
    _column("Owners of decisions", "partners.manager_email", "Add manager_email to the partners export."),
    _column("Time to first deal", "partners.signed_at", "Add signed_at to the partners export."),
    _column("Enabled, then silent", "partners.enabled_at", "Add enabled_at to the partners export.", "weaker"),
    _column("Partners by regional coverage", "partners.regions", "Add regions, joined by ;, to the partners export."),
    _column("Partners by subtype", "partners.subtype", "Add subtype to the partners export."),
    _column("Partners by vertical coverage", "partners.verticals", "Add verticals, joined by ;, to the partners export."),
    _column("Partners by product offerings", "partners.offerings", "Add offerings, joined by ;, to the partners export."),
    _column("Capacity by size", "partners.employee_count", "Add employee_count to the partners export.", "weaker"),
    _column("Named sellers", "contacts.role", "Add role to the contacts export."),
    _column("Who did it", "activities.contact_id", "Add contact_id to the activities export.", "weaker"),
    Need(
        "Pipeline by industry",
        "deals",
        "industry",
        "Add industry to the deals export, or import accounts.csv with the industry of each customer.",
        or_else=("accounts", "industry"),
    ),
    Need(
        "Revenue by industry",
        "revenue",
        "industry",
        "Add industry or deal_id to the revenue export.",
        or_else=("revenue", "deal_id"),
    ),
    _kinds(
        "Commitments kept",
        "Write down what partners promise: commitment_made, then commitment_met or commitment_missed.",
        *("commitment_met", "commitment_missed"),
    ),
    _kinds("Response time", "Write down proposed steps and answers.", "step_accepted", "step_declined"),
    _kinds("Co-creation", "Write down shared target lists and outreach.", "target_list_shared", "outreach_sent"),
    _kinds(
        "Selling events",
        "Export deal registrations, referrals and co-sell requests as activities.",
        *("deal_registered", "referral_submitted", "co_sell_requested"),
    ),
)
