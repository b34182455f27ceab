"""Which facts a question may touch: segment and tier, a past day, and what the asker may see. Decided here, for every read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import ibis

from nextplay.facts.contract import BY_NAME
from nextplay.facts.tables import stored
from nextplay.values.period import end_of

# Parts that partners fall into by the digest of their id: the same in every engine, whatever order it sorts text in.
PARTS = 256


@cache
def _md5() -> Callable[[ibis.expr.types.StringValue], ibis.expr.types.StringValue]:
    """The engine's own digest, in hexadecimal."""

    def md5(text: Any) -> Any: ...

    built: Callable[..., ibis.expr.types.StringValue] = ibis.udf.scalar.builtin(signature=(("string",), "string"))(md5)
    return built


@dataclass(frozen=True)
class Reach:
    """Whose partners an asker may see: those managed by this address today. Both empty: everyone's."""

    partner_id: str | None = None
    manager_email: str | None = None


@dataclass(frozen=True)
class Scope:
    """What a question is about.

    `as_of` ends every window. `past` says that rows which had not happened, or were not observed, by the end of that day must
    be left out, and changed fields be read as they stood; it is False where the facts hold nothing later, which is faster.
    """

    as_of: date
    past: bool = False
    segment: str | None = None
    tier: str | None = None
    reach: Reach = field(default_factory=Reach)
    # Looking back from a later day: rows that had happened by `as_of` and were observed by the end of this one.
    known_by: date | None = None
    # The same to the instant: what was observed later on the day was not known.
    known_at: datetime | None = None
    # Only partners whose rows were touched since everybody was last analyzed.
    touched: bool = False
    # Only partners of the first so many of `PARTS`: a sample that no figure of theirs decides on.
    parts: int = PARTS
    # Classes of sentences that the program counts beside those that always count.
    read_also: tuple[str, ...] = ()

    @property
    def known_cutoff(self) -> datetime:
        """Rows observed from this instant on are not known."""
        return self.known_at + timedelta(microseconds=1) if self.known_at else end_of(self.known_by or self.as_of)

    @property
    def cutoff(self) -> datetime:
        """First instant after the day."""
        return end_of(self.as_of)


@dataclass(frozen=True)
class Reporting:
    """The currency to report in, and what one unit of each other currency is worth in it, on which day."""

    currency: str
    rates: tuple[tuple[str, Decimal], ...] = ()
    # Rates that hold from a day on, in any order.
    dated: tuple[tuple[str, date, Decimal], ...] = ()

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies, other than its own, that it has a rate for."""
        return frozenset(code for code, _ in self.rates) | frozenset(code for code, _, _ in self.dated)

    def rate_of(self, code: str, day: ibis.expr.types.TimestampValue) -> ibis.expr.types.DecimalValue:
        """What a unit is worth on a day: the latest rate since then; before the first, or without a day, the undated one.

        Where there is no undated one, the first that is dated.
        """
        dated = sorted((since, rate) for each, since, rate in self.dated if each == code)
        plain = dict(self.rates).get(code)
        worth = _rate(plain if plain is not None else dated[0][1])
        begun = [(day >= ibis.literal(datetime.combine(since, time()), "timestamp(6)"), _rate(rate)) for since, rate in dated]
        return ibis.cases(*reversed(begun), else_=worth) if begun else worth


class ScopedFacts:
    """The fact tables under one scope. Every read of facts in the house starts here.

    `deals` carry `state` (open, won, lost), when they `opened` (else were registered) and `ended` (else last moved), the `last`
    known of both, and `value`, and `revenue` carries `value`: the amount in the reporting currency,
    rounded to two decimals, null where the amount is not known or its currency has no rate.
    """

    def __init__(self, scope: Scope, reporting: Reporting) -> None:
        self.scope = scope
        self.reporting = reporting

    def day_end(self, before: int = 0) -> ibis.expr.types.TimestampScalar:
        """First instant after the day that lies so many days before the scope's: windows begin and end there."""
        return ibis.literal(self.scope.cutoff - timedelta(days=before), "timestamp(6)")

    def known_end(self) -> ibis.expr.types.TimestampScalar:
        """Rows observed from this instant on are not known."""
        return ibis.literal(self.scope.known_cutoff, "timestamp(6)")

    @cached_property
    def partners(self) -> ibis.Table:
        """One row a partner in scope, with stage, tier and manager as they stood."""
        partners = self._partners_as_of()
        scope, reach = self.scope, self.scope.reach
        if scope.segment is not None:
            partners = partners.filter(partners.segment == scope.segment)
        if scope.tier is not None:
            partners = partners.filter(partners.tier == scope.tier)
        if reach.partner_id is not None:
            partners = partners.filter(partners.partner_id == reach.partner_id)
        if reach.manager_email is not None:
            partners = self._managed_today(partners, reach.manager_email.lower())
        if scope.touched:
            partners = partners.semi_join(touched_partners(), "partner_id")
        return self._sampled(partners)

    @cached_property
    def partner_ids(self) -> ibis.Table:
        """partner_id of everyone in scope; where no field narrows it, none has to be put back to how it stood."""
        if self._narrowed:
            return self.partners[["partner_id"]]
        return self._sampled(self._observed("partners"))[["partner_id"]]

    @cached_property
    def openings(self) -> ibis.Table:
        """Deals with a partner in scope for those who ask only who sourced them and when they opened: `deal_id`, `partner_id`,
        `sourced_by`, `opened_at`, `registered_at`. Nothing has to be put back or converted for that."""
        deals = self._happened("deals")[["deal_id", "partner_id", "sourced_by", "opened_at", "registered_at"]]
        if self.scope.past:
            later = deals.registered_at >= self.day_end()
            deals = deals.mutate(registered_at=later.ifelse(ibis.null("timestamp(6)"), deals.registered_at))
        return self._of_partners(deals)

    @cached_property
    def deals(self) -> ibis.Table:
        """Deals with a partner in scope."""
        return self._of_partners(self._all_deals())

    @property
    def direct_deals(self) -> ibis.Table:
        """Deals without any partner; none for an asker who may not see everyone's."""
        return self._direct(self._all_deals())

    @cached_property
    def revenue(self) -> ibis.Table:
        """Revenue rows with a partner in scope."""
        return self._of_partners(self._all_revenue())

    @property
    def direct_revenue(self) -> ibis.Table:
        """Revenue rows without any partner; none for an asker who may not see everyone's."""
        return self._direct(self._all_revenue())

    def _all_revenue(self) -> ibis.Table:
        revenue = self._happened("revenue")
        # Asked of the rows known on the day: a file of today must not change what a past day said.
        stated = revenue.industry.count().as_scalar() > 0
        # Rows that state industries speak for themselves, unknown ones too: an item need not be of its deal's industry. Only
        # where none states any, the deal's is read; else there is nothing to look up, which spares a join of all with all.
        deals = self._happened("deals").filter(~stated)[["deal_id", "industry", "account"]]
        deals = deals.rename(deal_industry="industry", deal_account="account")
        accounts = self.accounts[["account", "industry"]].rename(deal_account="account", account_industry="industry")
        revenue = revenue.left_join(deals, "deal_id").drop("deal_id_right")
        revenue = revenue.left_join(accounts, "deal_account").drop("deal_account_right")
        industry = ibis.coalesce(revenue.industry, revenue.deal_industry, revenue.account_industry)
        return revenue.mutate(industry=industry, value=self._converted(revenue)).drop(
            "deal_industry", "deal_account", "account_industry"
        )

    @cached_property
    def revenue_amounts(self) -> ibis.Table:
        """Revenue rows with a partner in scope for those who ask for no industry: to find one costs a look at the deals."""
        revenue = self._happened("revenue").drop("industry")
        return self._of_partners(revenue.mutate(value=self._converted(revenue)))

    @cached_property
    def activities(self) -> ibis.Table:
        """Activities of partners in scope."""
        return self._of_partners(self._happened("activities"))

    @property
    def contacts(self) -> ibis.Table:
        """People of partners in scope."""
        return self._of_partners(self._observed("contacts"))

    @property
    def accounts(self) -> ibis.Table:
        """Customers, not limited to those of partners in scope."""
        return self._observed("accounts")

    @property
    def documents(self) -> ibis.Table:
        """Texts by or about partners in scope."""
        return self._of_partners(self._happened("documents"))

    @property
    def changes(self) -> ibis.Table:
        """Changes of fields that had happened and were observed; not limited to partners in scope."""
        return self._happened("changes")

    @property
    def _narrowed(self) -> bool:
        scope = self.scope
        return bool(scope.segment or scope.tier or scope.reach != Reach() or scope.touched)

    def _of_partners(self, table: ibis.Table) -> ibis.Table:
        if self._narrowed or self.scope.parts < PARTS:
            return table.semi_join(self.partner_ids, "partner_id")
        return table.filter(table.partner_id.notnull())

    def _sampled(self, partners: ibis.Table) -> ibis.Table:
        if self.scope.parts == PARTS:
            return partners
        return partners.filter(_md5()(partners.partner_id).left(2).isin([f"{part:02x}" for part in range(self.scope.parts)]))

    def _direct(self, table: ibis.Table) -> ibis.Table:
        everyone = self.scope.reach == Reach()
        return table.filter(table.partner_id.isnull() if everyone else ibis.literal(value=False))

    def _observed(self, name: str) -> ibis.Table:
        table = stored(name)
        return table.filter(table.observed_at < self.known_end()) if self.scope.past else table

    def _happened(self, name: str) -> ibis.Table:
        table = stored(name)
        if not self.scope.past:
            return table
        moment = ibis.coalesce(*(table[column] for column in BY_NAME[name].happened))
        known = (table.observed_at < self.known_end()) & (moment.isnull() | (moment < self.day_end()))
        return table.filter(known)

    def _managed_today(self, partners: ibis.Table, manager: str) -> ibis.Table:
        """Rights are asked today, whatever day is looked at: who gave a partner away does not find it on the day before."""
        if not self.scope.past:
            return partners.filter(partners.manager_email.lower() == manager)
        now = stored("partners")
        return partners.semi_join(now.filter(now.manager_email.lower() == manager)[["partner_id"]], "partner_id")

    def _partners_as_of(self) -> ibis.Table:
        partners = stored("partners")
        if not self.scope.past:
            return partners
        cutoff = self.day_end()
        partners = partners.filter(partners.observed_at < self.known_end())
        for column in ("applied_at", "signed_at", "onboarded_at", "enabled_at", "ended_at"):
            later = partners[column] >= cutoff
            partners = partners.mutate(
                **{column: later.ifelse(ibis.null("timestamp(6)"), partners[column]), f"{column}_later": later.fill_null(False)}
            )
        partners = partners.mutate(lifecycle_stage=_stage_reached(partners))
        partners = partners.drop(*(name for name in partners.columns if name.endswith("_later")))
        for name in ("lifecycle_stage", "tier", "manager_email"):
            partners = self._undo(partners, entity="partner", key="partner_id", column=name)
        return partners

    def _all_deals(self) -> ibis.Table:
        deals = self._happened("deals")
        if self.scope.past:
            cutoff = self.day_end()
            closed_later = (deals.closed_at >= cutoff).fill_null(False)
            deals = deals.mutate(
                # Closed after the day and no earlier stage on record: open, in a stage that is not known.
                stage=closed_later.ifelse(ibis.null("string"), deals.stage),
                registered_at=(deals.registered_at >= cutoff).ifelse(ibis.null("timestamp(6)"), deals.registered_at),
                stage_changed_at=(deals.stage_changed_at >= cutoff).ifelse(ibis.null("timestamp(6)"), deals.stage_changed_at),
            )
            deals = self._undo(deals, entity="deal", key="deal_id", column="stage")
            deals = self._undo(deals, entity="deal", key="deal_id", column="amount")
            still_open = ~deals.stage.isin(("won", "lost")).fill_null(False)
            deals = deals.mutate(closed_at=still_open.ifelse(ibis.null("timestamp(6)"), deals.closed_at))
        accounts = self.accounts[["account", "industry"]].rename(account_industry="industry")
        deals = deals.left_join(accounts, "account").drop("account_right")
        state = ibis.cases((deals.stage == "won", "won"), (deals.stage == "lost", "lost"), else_="open")
        industry = ibis.coalesce(deals.industry, deals.account_industry)
        opened, ended = (
            ibis.coalesce(deals.opened_at, deals.registered_at),
            ibis.coalesce(deals.closed_at, deals.stage_changed_at),
        )
        # Worked out once a row: a dashboard asks for them in nearly two hundred sums.
        moments = {"opened": opened, "ended": ended, "last": ibis.coalesce(ended, opened)}
        worth = self._converted(deals)
        return deals.mutate(state=state, industry=industry, value=worth, **moments).drop("account_industry")

    def _undo(self, table: ibis.Table, *, entity: str, key: str, column: str) -> ibis.Table:
        """Put back the value that the first change not yet known on the day replaced."""
        changes = stored("changes")
        later = (changes.changed_at >= self.day_end()) | (changes.observed_at >= self.known_end())
        changes = changes.filter((changes.entity == entity) & (changes.field == column) & later)
        first = ibis.row_number().over(group_by=changes.entity_id, order_by=[changes.changed_at, changes.change_id])
        changes = changes.mutate(position=first)
        changes = changes.filter(changes.position == 0).select(undo_id=changes.entity_id, undo_old=changes.old)
        joined = table.left_join(changes, table[key] == changes.undo_id)
        old = joined.undo_old.cast(table[column].type())
        return joined.mutate(**{column: joined.undo_id.notnull().ifelse(old, joined[column])}).drop("undo_id", "undo_old")

    def _converted(self, table: ibis.Table) -> ibis.expr.types.DecimalColumn:
        own = self.reporting.currency
        # Widened before the rate: DuckDB refuses products from 100 million on in the width of money.
        wide = table.amount.cast("decimal(38, 4)")
        # A deal keeps the worth of the day it opened, whenever it is looked at.
        days = ("recognized_at",) if "recognized_at" in table.columns else ("opened_at", "registered_at")
        day = ibis.coalesce(*(table[column] for column in days))
        rates = [
            (table.currency == code, (wide * self.reporting.rate_of(code, day)).cast("decimal(38, 10)"))
            for code in sorted(self.reporting.currencies)
        ]
        # Most rows need no conversion, and numbers of eighteen digits are added up several times as fast as longer ones.
        same = (table.currency.isnull() | (table.currency == own), _cents(table.amount))
        return ibis.cases(same, *((test, _cents(converted)) for test, converted in rates))


def touched_partners() -> ibis.Table:
    """`partner_id` of everybody who was touched since it was last forgotten who was."""
    return stored("partners_touched")[["partner_id"]].distinct()


def _rate(rate: Decimal) -> ibis.expr.types.DecimalScalar:
    return ibis.literal(rate, "decimal(38, 6)")


def _cents(amount: ibis.expr.types.DecimalValue) -> ibis.expr.types.DecimalValue:
    return amount.round(2).cast("decimal(18, 2)")


def _stage_reached(partners: ibis.Table) -> ibis.expr.types.StringValue:
    """Latest stage whose day had come, where the stored stage was reached only later."""
    future = (
        partners.ended_at_later
        | partners.enabled_at_later
        | partners.onboarded_at_later
        | partners.signed_at_later
        | partners.applied_at_later
    )
    reached = ibis.cases(
        (partners.ended_at.notnull(), "inactive"),
        (partners.enabled_at.notnull(), "enabled"),
        (partners.onboarded_at.notnull(), "onboarding"),
        (partners.signed_at.notnull(), "signed"),
        (partners.applied_at.notnull(), "applied"),
        else_="prospect",
    )
    return future.ifelse(reached, partners.lifecycle_stage)
