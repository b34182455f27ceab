"""Which accounts a working session may start from: those the facts say fit the partner, each with the reason."""

from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir

from nextplay.facts.scope import Reach, ScopedFacts
from nextplay.operations.installation import Installation
from nextplay.program.definition import IdealCustomer
from nextplay.values.period import utc_day

MOST_PROPOSED = 9


@dataclass(frozen=True)
class ProposedAccount:
    """An account and why it fits, strongest reason first."""

    account: str
    why: str


def propose_accounts(installation: Installation, partner_id: str, *, now: datetime) -> tuple[ProposedAccount, ...]:
    """Up to nine accounts, best fit first; none where the facts hold no account that fits.

    A reason counts: dealt with before 4, same industry as a deal it won 3, industry it covers 2, region it covers 2, of the
    ideal customer profile 1; equals by name. Left out: accounts where the partner has or had a deal, or anybody else has an
    open or a won one.
    """
    facts = installation.facts(installation.reference_day(utc_day(now)), Reach())
    rows = installation.warehouse.read(_ranked(facts, partner_id, installation.program.icp))
    return tuple(ProposedAccount(row["account"], _why(row)) for row in rows.iter_rows(named=True))


def _ranked(facts: ScopedFacts, partner_id: str, icp: IdealCustomer) -> ir.Table:
    """Accounts that fit for a reason, with every reason as a column."""
    deals = facts.deals.filter(facts.deals.account.notnull())
    own = deals.filter(deals.partner_id == partner_id)
    # Somebody else's customer is theirs to name: a manager may not even see who buys from whom.
    taken = own.select("account").union(deals.filter(deals.state != "lost").select("account"))
    taken = taken.union(_ours(facts)).distinct()
    accounts = facts.accounts.anti_join(taken, "account")
    accounts = accounts.left_join(_known(facts, partner_id), "account").drop("account_right")
    accounts = accounts.left_join(_industries_won(own), "industry").drop("industry_right")
    accounts = accounts.cross_join(_covered(facts, partner_id))
    reasons = {
        "knows": accounts.touches.notnull(),
        "won_alike": accounts.wins.notnull(),
        "industry_fits": accounts.verticals.contains(accounts.industry).fill_null(False),
        "region_fits": accounts.regions.contains(accounts.region).fill_null(False),
        "of_icp": _of_icp(accounts, icp),
    }
    accounts = accounts.mutate(**reasons)
    points = sum(accounts[name].ifelse(weight, 0) for name, weight in _WEIGHTS.items())
    accounts = accounts.mutate(points=points)
    # Fitting by the ideal customer profile alone says nothing of this partner.
    accounts = accounts.filter(accounts.points > _WEIGHTS["of_icp"])
    ordered = accounts.order_by([accounts.points.desc(), accounts.account]).limit(MOST_PROPOSED)
    return ordered.select("account", "industry", "region", "touches", "wins", *_WEIGHTS)


_WEIGHTS = {"knows": 4, "won_alike": 3, "industry_fits": 2, "region_fits": 2, "of_icp": 1}


def _ours(facts: ScopedFacts) -> ir.Table:
    """Accounts that we sell to ourselves, or try to."""
    direct = facts.direct_deals
    return direct.filter((direct.state != "lost") & direct.account.notnull()).select("account")


def _known(facts: ScopedFacts, partner_id: str) -> ir.Table:
    """Accounts that something of the partner's has to do with already."""
    acts = facts.activities
    acts = acts.filter((acts.partner_id == partner_id) & acts.account.notnull())
    return acts.group_by("account").agg(touches=acts.count())


def _industries_won(own: ir.Table) -> ir.Table:
    won = own.filter((own.state == "won") & own.industry.notnull())
    return won.group_by("industry").agg(wins=won.count())


def _covered(facts: ScopedFacts, partner_id: str) -> ir.Table:
    partners = facts.partners
    return partners.filter(partners.partner_id == partner_id).select("verticals", "regions")


def _of_icp(accounts: ir.Table, icp: IdealCustomer) -> ir.BooleanValue:
    flagged = accounts.icp.fill_null(False)
    named = accounts.industry.isin(sorted(icp.verticals)) & accounts.region.isin(sorted(icp.regions))
    return flagged | named.fill_null(False) if icp.verticals and icp.regions else flagged


def _why(row: dict[str, object]) -> str:
    parts = []
    if row["knows"]:
        parts.append("they were in touch with it before")
    if row["won_alike"]:
        parts.append(f"they won {row['wins']} in {row['industry']}")
    elif row["industry_fits"]:
        parts.append(f"they cover {row['industry']}")
    if row["region_fits"]:
        parts.append(f"it is in {row['region']}, their region")
    if row["of_icp"]:
        parts.append("it fits the ideal customer profile")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
