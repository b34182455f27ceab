"""The facts contract, version 1: which tables and columns a user hands over, and what each may hold."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, as a user would say it."""

    TEXT = "text"
    LIST = "list of text"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    FLAG = "yes or no"
    JSON = "JSON object"


@dataclass(frozen=True)
class Column:
    """One column of the contract."""

    name: str
    kind: Kind
    required: bool = False
    accepted: tuple[str, ...] = ()
    at_least: float | None = None
    refers_to: str | None = None


@dataclass(frozen=True)
class FactTable:
    """One table of the contract. `happened` lists the columns that say when a row's event took place, first known wins."""

    name: str
    key: str
    columns: tuple[Column, ...]
    happened: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError for a name outside the contract."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT) for name in names)


def _times(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TIME) for name in names)


def _lists(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.LIST) for name in names)


def _key(name: str) -> Column:
    return Column(name, Kind.TEXT, required=True)


_PARTNER = Column("partner_id", Kind.TEXT, refers_to="partners")
_PARTNER_REQUIRED = Column("partner_id", Kind.TEXT, required=True, refers_to="partners")

OPEN_STAGES = ("prospecting", "qualification", "proposal", "negotiation")
DEAL_STAGES = (*OPEN_STAGES, "won", "lost")
SOURCED_BY = ("partner", "influenced", "co_sell")
CONTACT_ROLES = ("lead_seller", "seller", "executive", "marketing", "technical")
LIFECYCLE_STAGES = ("prospect", "applied", "rejected", "signed", "onboarding", "enabled", "active", "inactive")
ACTIVITY_KINDS = (
    "portal_login",
    "training_completed",
    "certification_earned",
    "webinar_attended",
    "deal_registered",
    "referral_submitted",
    "co_sell_requested",
    "meeting_held",
    "step_proposed",
    "step_accepted",
    "step_declined",
    "target_list_shared",
    "narrative_shared",
    "outreach_sent",
    "outreach_replied",
    "commitment_made",
    "commitment_met",
    "commitment_missed",
)
# A selling event: the partner itself brought business or asked to sell together.
SELLING_KINDS = ("deal_registered", "referral_submitted", "co_sell_requested")
# Busy is not selling: these kinds lift no score, and enter no trait and no expected gain.
VANITY_KINDS = ("portal_login", "training_completed", "certification_earned", "webinar_attended")
# Above this share of activities of other kinds, which feed no signal, stages are not reliable.
MOST_UNKNOWN = 0.2

# Begins the id of every activity that a person entered in nextplay: no file holds it, so none removes it, and it does not
# say how far the files reach.
OWN_ACTIVITY = "nextplay:"
# What a kind of promise begins with: the partner's, and our own to it, which says nothing of what the partner keeps.
PROMISED, OURS = "commitment", "our_commitment"
COMMITMENTS = tuple(f"{PROMISED}_{word}" for word in ("made", "met", "missed"))

PARTNERS = FactTable(
    "partners",
    "partner_id",
    (
        _key("partner_id"),
        Column("name", Kind.TEXT, required=True),
        *_text("type", "category", "subtype", "segment", "tier"),
        Column("tier_source", Kind.TEXT, accepted=("automatic", "manual")),
        *_times("tier_assigned_at"),
        # Accepted stages come from the program, which may rename, add and alias them.
        Column("lifecycle_stage", Kind.TEXT, required=True),
        *_lists("regions", "verticals", "offerings", "languages"),
        *_text("manager_email", "domain", "country"),
        Column("employee_count", Kind.NUMBER, at_least=0),
        Column("annual_revenue", Kind.NUMBER, at_least=0),
        *_times("applied_at", "signed_at", "onboarded_at", "enabled_at", "ended_at"),
        *_text("description", "notes"),
    ),
)
CONTACTS = FactTable(
    "contacts",
    "contact_id",
    (_key("contact_id"), _PARTNER_REQUIRED, *_text("name", "email"), Column("role", Kind.TEXT, accepted=CONTACT_ROLES)),
)
ACCOUNTS = FactTable("accounts", "account", (_key("account"), *_text("industry", "region"), Column("icp", Kind.FLAG)))
DEALS = FactTable(
    "deals",
    "deal_id",
    (
        _key("deal_id"),
        _PARTNER,
        *_text("account", "industry", "product"),
        Column("stage", Kind.TEXT, required=True, accepted=DEAL_STAGES),
        Column("amount", Kind.MONEY, at_least=0),
        Column("currency", Kind.TEXT),
        Column("sourced_by", Kind.TEXT, accepted=SOURCED_BY),
        Column("registration", Kind.TEXT, accepted=("submitted", "approved", "rejected", "expired")),
        *_times("registered_at", "opened_at", "stage_changed_at", "expected_close_at", "closed_at"),
    ),
    happened=("opened_at", "registered_at", "stage_changed_at", "closed_at"),
)
REVENUE = FactTable(
    "revenue",
    "revenue_id",
    (
        _key("revenue_id"),
        _PARTNER,
        *_text("deal_id", "industry"),
        Column("amount", Kind.MONEY, required=True),
        Column("currency", Kind.TEXT),
        Column("recognized_at", Kind.TIME, required=True),
    ),
    happened=("recognized_at",),
)
ACTIVITIES = FactTable(
    "activities",
    "activity_id",
    (
        _key("activity_id"),
        _PARTNER_REQUIRED,
        *_text("contact_id"),
        Column("kind", Kind.TEXT, required=True),
        Column("occurred_at", Kind.TIME, required=True),
        *_text("account", "play"),
        Column("details", Kind.JSON),
    ),
    happened=("occurred_at",),
)
DOCUMENTS = FactTable(
    "documents",
    "document_id",
    (
        _key("document_id"),
        _PARTNER_REQUIRED,
        Column("kind", Kind.TEXT, accepted=("profile", "qbr_note", "call_note", "narrative", "survey")),
        Column("author", Kind.TEXT, accepted=("partner", "us")),
        *_times("written_at"),
        Column("text", Kind.TEXT, required=True),
    ),
    happened=("written_at",),
)
CHANGES = FactTable(
    "changes",
    "change_id",
    (
        _key("change_id"),
        Column("entity", Kind.TEXT, required=True, accepted=("partner", "deal")),
        Column("entity_id", Kind.TEXT, required=True),
        Column(
            "field",
            Kind.TEXT,
            required=True,
            accepted=("lifecycle_stage", "tier", "stage", "manager_email", "amount"),
        ),
        *_text("old", "new"),
        Column("changed_at", Kind.TIME, required=True),
    ),
    happened=("changed_at",),
)

# In the order they are loaded: a row may refer only to tables above its own.
TABLES = (PARTNERS, CONTACTS, ACCOUNTS, DEALS, REVENUE, ACTIVITIES, DOCUMENTS, CHANGES)
BY_NAME = {table.name: table for table in TABLES}

# Fields whose past values an import keeps in `changes`, by table.
TRACKED = {"partners": ("lifecycle_stage", "tier", "manager_email"), "deals": ("stage", "amount")}
