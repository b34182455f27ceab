"""What the facts say of each partner for the rubric: one pass per fact table, exact counts and decimals.

Decay and caps: what wears off is read by the month it last happened in, and a month counts once, so that a hundred clicks on a
day count as one. Months are steps of 30 days back from the day.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from nextplay.analysis.text.remembered import text_evidence
from nextplay.facts.contract import OWN_ACTIVITY, SELLING_KINDS
from nextplay.facts.scope import ScopedFacts

# Promises are judged over nine months: shorter windows hold too few of them.
PROMISE_DAYS = 270
HALF_YEAR, YEAR, TWO_YEARS = 180, 365, 730
# Twelve steps of 30 days, for what is read by months.
TWELVE_MONTHS = 360
# A deal this young may still move: it says nothing yet of how far their deals get.
SETTLED_DAYS = 60
# Nine weeks in which a lead seller is looked for.
SEEN_DAYS = 63
# Older than any month that is looked at.
LONG_AGO = 99
# A proposal not answered for a month has been let lie, however long ago it was.
LONGEST_WAIT_DAYS = 30
_REACHED = ("proposal", "negotiation", "won")
_ANSWERS = ("step_accepted", "step_declined")
_OWN_WORDS = ("narrative_shared",)
# Somebody at work with us or a customer. What we did ourselves, logins, badges and kinds that nobody defined show nobody.
PRESENT_KINDS = (
    *SELLING_KINDS,
    "meeting_held",
    *_ANSWERS,
    "target_list_shared",
    "narrative_shared",
    "outreach_sent",
    "outreach_replied",
    "commitment_made",
    "commitment_met",
)

# What criteria read in texts, by label of `analysis.text.labels`. Promises and wishes in words earn nothing: what is done does.
SAID = {
    "lead_seller": "names_lead_seller",
    "people_and_time": "no_capacity",
    "offer_in_own_words": "customer_in_own_words",
    "sponsor_seen": "sponsor_speaks",
    "no_doubts": "doubts",
    "no_competing_product": "competing_product",
}

# Said longer ago than half a year, these are no news of today.
SAID_LATELY = ("names_lead_seller", "no_capacity", "doubts", "competing_product")

# What rows count as: the same tests count them and name them as evidence.
Tests = dict[str, ir.BooleanValue]


def profiles(facts: ScopedFacts) -> ir.Table:
    """One row a partner: size and what it covers."""
    return facts.partners[["partner_id", "lifecycle_stage", "employee_count", "regions", "verticals", "offerings"]]


def people(facts: ScopedFacts) -> ir.Table:
    """One row a partner with people on record: how many, and in which roles."""
    contacts = facts.contacts
    return _counted(contacts, people_tests(contacts))


def people_tests(contacts: ir.Table) -> Tests:
    """Which people on record count as what."""
    return {
        "people": contacts.contact_id.notnull(),
        "sellers": contacts.role.isin(("lead_seller", "seller")),
        "lead_sellers": contacts.role == "lead_seller",
        "executives": contacts.role == "executive",
    }


def people_seen(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose people were seen in twelve months: lead seller by weeks, latest executive, people certified."""
    seen = with_people(facts)
    tests = seen_tests(facts, seen)
    week = _steps_back(facts, seen.occurred_at, 7)
    month = _steps_back(facts, seen.occurred_at, 30)
    return seen.group_by("partner_id").agg(
        lead_weeks=week.nunique(where=tests["lead_seller_seen"]),
        executive_events=seen.count(where=tests["executive_seen"]),
        sponsor_month=month.min(where=tests["executive_seen"]).fill_null(LONG_AGO),
        certified=seen.contact_id.nunique(where=tests["certified"]),
    )


def with_people(facts: ScopedFacts) -> ir.Table:
    """Activities of twelve months by people on record, with their role."""
    activities = facts.activities
    told = activities.kind.isin((*PRESENT_KINDS, "certification_earned"))
    activities = activities.filter(
        activities.contact_id.notnull() & told & (activities.occurred_at >= _before(facts, TWELVE_MONTHS))
    )
    activities = activities.select("activity_id", "partner_id", "contact_id", "kind", "occurred_at")
    # Whoever changed to another partner is on record there: what they did before is evidence of neither.
    return activities.inner_join(facts.contacts[["contact_id", "partner_id", "role"]], ["contact_id", "partner_id"])


def seen_tests(facts: ScopedFacts, seen: ir.Table) -> Tests:
    """Which of `with_people` show somebody at work. A login, a webinar or a badge is not being seen."""
    present = seen.kind.isin(PRESENT_KINDS)
    return {
        "lead_seller_seen": present & (seen.role == "lead_seller") & (seen.occurred_at >= _before(facts, SEEN_DAYS)),
        "executive_seen": present & (seen.role == "executive"),
        "certified": seen.kind == "certification_earned",
    }


def activities(facts: ScopedFacts) -> ir.Table:
    """One row a partner with promises or offers in own words: how many, and the month of the latest offer."""
    seen = facts.activities.filter(lambda t: t.kind.isin(("commitment_met", "commitment_missed", *_OWN_WORDS)))
    tests = activity_tests(facts, seen)
    counts = {name: seen.count(where=test) for name, test in tests.items()}
    month = _steps_back(facts, seen.occurred_at, 30)
    return seen.group_by("partner_id").agg(**counts, own_words_month=month.min(where=tests["own_words"]).fill_null(LONG_AGO))


def activity_tests(facts: ScopedFacts, seen: ir.Table) -> Tests:
    """Which activities count as what."""
    promised = seen.occurred_at >= _before(facts, PROMISE_DAYS)
    return {
        "met": promised & (seen.kind == "commitment_met"),
        "missed": promised & (seen.kind == "commitment_missed"),
        # What our own people enter of a session are their words at best.
        "own_words": seen.kind.isin(_OWN_WORDS)
        & (seen.occurred_at >= _before(facts, TWELVE_MONTHS))
        & ~seen.activity_id.startswith(OWN_ACTIVITY),
    }


def said(facts: ScopedFacts) -> ir.Table:
    """One row a partner of whom texts say something that counts: by label, sentences and the month of the latest.

    `noted_sponsor_month`: of what our own notes say of a sponsor.
    """
    rows = sentences_counted(facts)
    month = _steps_back(facts, rows.written_at, 30)
    counts = {f"said_{label}": rows.count(where=rows.label == label) for label in SAID.values()}
    months = {f"said_{label}_month": month.min(where=rows.label == label).fill_null(LONG_AGO) for label in SAID.values()}
    noted = (rows.label == SAID["sponsor_seen"]) & (rows.author == "us").fill_null(False)
    return rows.group_by("partner_id").agg(**counts, **months, noted_sponsor_month=month.min(where=noted).fill_null(LONG_AGO))


def sentences(facts: ScopedFacts) -> ir.Table:
    """Sentences found in texts of twelve months, a row a sentence and label. What was written nobody knows when is left out."""
    rows = text_evidence(facts)
    return rows.filter(rows.written_at >= _before(facts, TWELVE_MONTHS))


def sentences_counted(facts: ScopedFacts) -> ir.Table:
    """Those of `sentences` that criteria count: of half a year where what was said then is no news of today."""
    rows = sentences(facts)
    return rows.filter(~rows.label.isin(SAID_LATELY) | (rows.written_at > _before(facts, HALF_YEAR)))


def replies(facts: ScopedFacts) -> ir.Table:
    """One row a partner that was proposed something: proposals, how many were answered, and hours waited for answers.

    One that is not answered yet has been waited for until the day.
    """
    asked = proposals(facts)
    return asked.group_by("partner_id").agg(
        proposed=asked.count(), answered=asked.answered_at.count(), waited_hours=asked.waited_hours.sum()
    )


def proposals(facts: ScopedFacts) -> ir.Table:
    """Steps proposed within half a year, each with the next answer of the partner and the hours until then, at most a month."""
    seen = facts.activities.filter(
        lambda t: t.kind.isin(("step_proposed", *_ANSWERS)) & (t.occurred_at >= _before(facts, HALF_YEAR))
    )
    answer = seen.kind.isin(_ANSWERS).ifelse(seen.occurred_at, ibis.null("timestamp(6)"))
    window = ibis.window(group_by=seen.partner_id, order_by=[seen.occurred_at, seen.kind.desc(), seen.activity_id], preceding=0)
    told = seen.mutate(answered_at=answer.min().over(window))
    told = told.filter(told.kind == "step_proposed")
    until = ibis.coalesce(told.answered_at, _cutoff(facts))
    hours = ((until.epoch_seconds() - told.occurred_at.epoch_seconds()) / 3600).floor().cast("int64")
    return told.mutate(waited_hours=ibis.least(hours, LONGEST_WAIT_DAYS * 24))


def selling_months(facts: ScopedFacts) -> ir.Table:
    """One row a partner that sold within a year: its months with a selling event, by what they still weigh, and all events.

    `selling_weight` is in millionths: the latest month weighs one, and three months halve it.
    """
    events = selling_events(facts)
    months = events.group_by("partner_id", "month").agg(events=events.count())
    weights = [(months.month == month, ibis.literal(round(1e6 * 0.5 ** (month / 3)), "int64")) for month in range(12)]
    months = months.mutate(weight=ibis.cases(*weights, else_=ibis.literal(0, "int64")))
    return months.group_by("partner_id").agg(
        selling_months=months.count(),
        selling_weight=months.weight.sum(),
        selling_events=months.events.sum(),
    )


def selling_events(facts: ScopedFacts) -> ir.Table:
    """Selling events of a year, with their row and the month they fell in, counted back from the day in steps of 30 days.

    A selling event is an activity of a selling kind, or a deal that the partner brought.
    """
    seen, deals = facts.activities, facts.deals
    acted = seen.filter(seen.kind.isin(SELLING_KINDS))
    acted = acted.select(partner_id="partner_id", at="occurred_at", row=ibis.literal("activities:") + acted.activity_id)
    own = deals.sourced_by.isnull() | (deals.sourced_by != "influenced")
    brought = deals.filter(own & deals.opened_at.notnull())
    brought = brought.select(partner_id="partner_id", at="opened_at", row=ibis.literal("deals:") + brought.deal_id)
    events = acted.union(brought)
    events = events.filter(events["at"] >= _before(facts, TWELVE_MONTHS))
    return events.mutate(month=_steps_back(facts, events["at"], 30))


def deals(facts: ScopedFacts) -> ir.Table:
    """One row a partner with deals: open, won and lost in two years, and how far the settled ones of a year got alone."""
    rows = deals_seen(facts)
    return _counted(rows, deal_tests(facts, rows))


def deals_seen(facts: ScopedFacts) -> ir.Table:
    """Deals, with whether we helped (sold together, asked to, or a play of ours ran on the account) and the stages they left.

    `moved` and `reached_before` say whether a change of stage is on record, and one in or past a proposal.
    """
    seen, rows = facts.activities, facts.deals
    ours = seen.account.notnull() & ((seen.kind == "co_sell_requested") | seen.play.notnull())
    touched = seen.filter(ours).select(touched_by="partner_id", touched="account").distinct()
    joined = rows.left_join(touched, [rows.partner_id == touched.touched_by, rows.account == touched.touched])
    helped = (joined.sourced_by == "co_sell").fill_null(False) | joined.touched.notnull()
    joined, left = joined.mutate(helped=helped).drop("touched_by", "touched"), _stages_left(facts)
    joined = joined.left_join(left, joined.deal_id == left.changed_id)
    return joined.mutate(moved=joined.changed_id.notnull(), reached_before=joined.left_reached.fill_null(False)).drop(
        "changed_id", "left_reached"
    )


def _stages_left(facts: ScopedFacts) -> ir.Table:
    """One row a deal with a change of stage on record, and whether it left one in which a proposal was out."""
    changes = facts.changes.filter(lambda t: (t.entity == "deal") & (t.field == "stage") & t.old.notnull())
    return changes.group_by(changed_id="entity_id").agg(left_reached=changes.old.isin(_REACHED).any())


def deal_tests(facts: ScopedFacts, rows: ir.Table) -> Tests:
    """Which deals count as what."""
    ended = ibis.coalesce(rows.closed_at, rows.stage_changed_at, rows.opened_at) >= _before(facts, TWO_YEARS)
    old_enough = (rows.opened_at < _before(facts, SETTLED_DAYS)) & (rows.opened_at >= _before(facts, YEAR))
    # Lost says how a deal ended and not how far it got: without a stage before, that is not known.
    known = rows.stage.notnull() & ((rows.stage != "lost") | rows.moved)
    settled = old_enough & known & ~rows.helped
    return {
        "open_deals": rows.state == "open",
        "won": (rows.state == "won") & ended,
        "lost": (rows.state == "lost") & ended,
        "settled": settled,
        "reached": settled & (rows.stage.isin(_REACHED) | rows.reached_before),
    }


def accounts(facts: ScopedFacts) -> ir.Table:
    """One row a partner whose deals name accounts we know: how many of the accounts, and how many fit the ideal customer."""
    touched = accounts_touched(facts)
    return touched.group_by("partner_id").agg(accounts=touched.count(), icp_accounts=touched.count(where=touched.icp))


def accounts_touched(facts: ScopedFacts) -> ir.Table:
    """Accounts of which we know whether they fit, by partner with a deal there."""
    known = facts.accounts.filter(lambda table: table.icp.notnull())[["account", "icp"]]
    return facts.deals[["partner_id", "account"]].distinct().inner_join(known, "account")


def demand(facts: ScopedFacts, column: str) -> ir.Table:
    """One row a value of deals' `industry`, `region` or `product`: value of open pipeline and of deals won in two years."""
    rows = facts.deals
    if column == "region":
        regions = facts.accounts.filter(lambda table: table.region.notnull())[["account", "region"]]
        rows = rows.inner_join(regions, "account")
    recent = ibis.coalesce(rows.closed_at, rows.stage_changed_at, rows.opened_at) >= _before(facts, TWO_YEARS)
    counts = (rows.state == "open") | ((rows.state == "won") & recent)
    rows = rows.filter(counts & rows[column].notnull())
    return rows.group_by(thing=rows[column]).agg(value=rows.value.sum(), deals=rows.count())


def rates(facts: ScopedFacts) -> ir.Table:
    """One row: won, lost, settled and reached over all partners in scope."""
    rows = deals_seen(facts)
    tests = deal_tests(facts, rows)
    return rows.aggregate(**{name: rows.count(where=tests[name]) for name in ("won", "lost", "settled", "reached")})


def _counted(rows: ir.Table, tests: Tests) -> ir.Table:
    return rows.group_by("partner_id").agg(**{name: rows.count(where=test) for name, test in tests.items()})


def _steps_back(facts: ScopedFacts, at: ir.TimestampValue, days: int) -> ir.IntegerValue:
    """How many whole steps of so many days lie between a time and the day."""
    return ((_cutoff(facts).epoch_seconds() - at.epoch_seconds()) / (86_400 * days)).floor().cast("int64")


def _cutoff(facts: ScopedFacts) -> ir.TimestampScalar:
    return ibis.literal(facts.scope.cutoff, "timestamp(6)")


def _before(facts: ScopedFacts, days: int) -> ir.TimestampScalar:
    return ibis.literal(facts.scope.cutoff - timedelta(days=days), "timestamp(6)")
