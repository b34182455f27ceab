"""Which rows a criterion counted: found again by the very tests that counted them, so that a score can be checked."""

from collections.abc import Callable, Iterable

import ibis
import ibis.expr.types as ir

from nextplay.analysis import evidence
from nextplay.facts.scope import ScopedFacts

# `partner_id`, `row` (table:key, of a sentence with its position), `at` (null for people and accounts) and `counts_as`.
COLUMNS = ("partner_id", "row", "at", "counts_as")


def rows_of(facts: ScopedFacts, criterion: str) -> ir.Table | None:
    """Every row that a criterion counted of the partners in scope; None where it rests on the profile, or on all deals."""
    counted = [_ROWS[criterion](facts)] if criterion in _ROWS else []
    if criterion in evidence.SAID:
        counted.append(_sentences(facts, evidence.SAID[criterion]))
    return ibis.union(*counted) if len(counted) > 1 else counted[0] if counted else None


def rows_by_dimension(facts: ScopedFacts, criteria: Iterable[tuple[str, str]]) -> ir.Table:
    """`dimension` and how many `rows` its criteria counted, a row counted twice once; of dimensions with their criteria."""
    counted = [
        rows.select("row", dimension=_said(dimension))
        for dimension, criterion in criteria
        if (rows := rows_of(facts, criterion)) is not None
    ]
    return ibis.union(*counted, distinct=True).group_by("dimension").agg(rows=lambda t: t.count())


def placed(sentences: ir.Table) -> ir.Table:
    """Sentences with their `key`, the document and the position in it: `D-1#12-57`."""
    place = sentences.start.cast("string") + ibis.literal("-") + sentences.end.cast("string")
    return sentences.mutate(key=sentences.document_id + ibis.literal("#") + place)


def _sentences(facts: ScopedFacts, label: str) -> ir.Table:
    rows = placed(evidence.sentences_counted(facts))
    rows = rows.mutate(row=ibis.literal("documents:") + rows.key, at=rows.written_at)
    return rows.filter(rows.label == label).mutate(counts_as=ibis.literal(label)).select(*COLUMNS)


def _named_sellers(facts: ScopedFacts) -> ir.Table:
    contacts = facts.contacts
    tests = evidence.people_tests(contacts)
    return _of_contacts(contacts, tests["sellers"], contacts.role)


def _lead_seller(facts: ScopedFacts) -> ir.Table:
    contacts, seen = facts.contacts, evidence.with_people(facts)
    named = _of_contacts(contacts, evidence.people_tests(contacts)["lead_sellers"], _said("named"))
    at_work = _of_activities(seen, evidence.seen_tests(facts, seen)["lead_seller_seen"], _said("at work"))
    return named.union(at_work)


def _certified_people(facts: ScopedFacts) -> ir.Table:
    seen = evidence.with_people(facts)
    return _of_activities(seen, evidence.seen_tests(facts, seen)["certified"], _said("certified"))


def _sponsor_seen(facts: ScopedFacts) -> ir.Table:
    seen = evidence.with_people(facts)
    return _of_activities(seen, evidence.seen_tests(facts, seen)["executive_seen"], _said("seen"))


def _commitments_kept(facts: ScopedFacts) -> ir.Table:
    seen = facts.activities
    tests = evidence.activity_tests(facts, seen)
    return _of_activities(seen, tests["met"] | tests["missed"], tests["met"].ifelse("met", "missed"))


def _offer_in_own_words(facts: ScopedFacts) -> ir.Table:
    seen = facts.activities
    return _of_activities(seen, evidence.activity_tests(facts, seen)["own_words"], _said("shared"))


def _reply_time(facts: ScopedFacts) -> ir.Table:
    asked = evidence.proposals(facts)
    answered = asked.answered_at.notnull()
    return _of_activities(asked, ibis.literal(value=True), answered.ifelse("answered", "not answered"))


def _selling_months(facts: ScopedFacts) -> ir.Table:
    events = evidence.selling_events(facts)
    return events.select("partner_id", "row", "at", counts_as=_said("selling event"))


def _deals_per_seller(facts: ScopedFacts) -> ir.Table:
    deals = evidence.deals_seen(facts)
    return _of_deals(deals, evidence.deal_tests(facts, deals)["open_deals"], _said("open"))


def _win_rate(facts: ScopedFacts) -> ir.Table:
    deals = evidence.deals_seen(facts)
    tests = evidence.deal_tests(facts, deals)
    return _of_deals(deals, tests["won"] | tests["lost"], tests["won"].ifelse("won", "lost"))


def _deals_that_move(facts: ScopedFacts) -> ir.Table:
    deals = evidence.deals_seen(facts)
    tests = evidence.deal_tests(facts, deals)
    return _of_deals(deals, tests["settled"], tests["reached"].ifelse("reached proposal", "stopped before"))


def _icp_accounts(facts: ScopedFacts) -> ir.Table:
    touched = evidence.accounts_touched(facts)
    return touched.select(
        "partner_id",
        row=ibis.literal("accounts:") + touched.account,
        at=ibis.null("timestamp(6)"),
        counts_as=touched.icp.ifelse("fits", "does not fit"),
    )


def _of_contacts(contacts: ir.Table, test: ir.BooleanValue, counts_as: ir.StringValue) -> ir.Table:
    rows = contacts.mutate(
        row=ibis.literal("contacts:") + contacts.contact_id, at=ibis.null("timestamp(6)"), counts_as=counts_as
    )
    return rows.filter(test).select(*COLUMNS)


def _of_activities(seen: ir.Table, test: ir.BooleanValue, counts_as: ir.StringValue) -> ir.Table:
    rows = seen.mutate(row=ibis.literal("activities:") + seen.activity_id, at=seen.occurred_at, counts_as=counts_as)
    return rows.filter(test).select(*COLUMNS)


def _of_deals(deals: ir.Table, test: ir.BooleanValue, counts_as: ir.StringValue) -> ir.Table:
    moved = ibis.coalesce(deals.closed_at, deals.stage_changed_at, deals.opened_at)
    rows = deals.mutate(row=ibis.literal("deals:") + deals.deal_id, at=moved, counts_as=counts_as)
    return rows.filter(test).select(*COLUMNS)


def _said(text: str) -> ir.StringScalar:
    return ibis.literal(text)


_ROWS: dict[str, Callable[[ScopedFacts], ir.Table]] = {
    "named_sellers": _named_sellers,
    "lead_seller": _lead_seller,
    "deals_per_seller": _deals_per_seller,
    "certified_people": _certified_people,
    "win_rate": _win_rate,
    "deals_that_move": _deals_that_move,
    "offer_in_own_words": _offer_in_own_words,
    "commitments_kept": _commitments_kept,
    "reply_time": _reply_time,
    "selling_months": _selling_months,
    "sponsor_seen": _sponsor_seen,
    "icp_accounts": _icp_accounts,
}
