"""The product as a policy, fast: the same signals and the same `propose`, on facts written straight into a warehouse.

What it leaves out beside `product.py`: the import's checks and the ledger. History is kept as the ledger would hand it over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from bench.simulate.facts import Tables, factors, partner_ids
from bench.simulate.policies import View
from bench.simulate.tally import DropOff, Tally
from bench.simulate.truth import STATES, Whole, silent_ahead
from nextplay.decisions.drop_off import AHEAD_DAYS
from nextplay.decisions.history import PAST, History
from nextplay.decisions.looked_back import cases_of
from nextplay.decisions.proposal import Cycle, Decision, Lot
from nextplay.decisions.propose import Occasion, propose
from nextplay.facts.contract import SELLING_KINDS
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.learning.outcome import judged
from nextplay.learning.record import track_record
from nextplay.program.definition import Program
from nextplay.program.load import default_program
from nextplay.program.plays import Manager
from nextplay.signals.asked import ASKED
from nextplay.signals.compute import compute, compute_selling
from nextplay.signals.expressions import sold_after
from nextplay.signals.month_counts import MonthCounts
from nextplay.signals.months import month_counts
from nextplay.signals.progress import progress

ALWAYS = datetime(1970, 1, 1)
# Every so many months are decided once more, on facts that end so many days before.
ONCE_MORE, LATE_DAYS = 6, 4
# Days between what is said and the 60 days in which nothing may be sold; those days as shares of the months that follow.
LEADS = {0: ((0, 1.05), (1, 0.95)), 40: ((0, 0.0), (1, 0.7), (2, 1.0), (3, 0.3))}


@dataclass(frozen=True)
class Known:
    """What a month is decided on."""

    signals: pl.DataFrame
    counts: MonthCounts
    history: History


class Engine:
    """A warehouse in a folder of its own, and the decisions so far."""

    def __init__(self, folder: Path, managers: list[str], hours: list[float], **changes: object) -> None:
        self.warehouse = Warehouse(f"duckdb:///{folder / 'facts.duckdb'}")
        told = tuple(Manager(email=email, hours=own) for email, own in zip(managers, hours, strict=True))
        usual = default_program()
        capacity = usual.capacity.model_copy(update={"managers": told})
        self.program: Program = usual.model_copy(update={"capacity": capacity, **changes})
        self.managers = managers
        self.made: list[Decision] = []
        self.days: list[date] = []
        self.held: list[Lot] = []
        self.risks: list[tuple[date, pl.DataFrame]] = []
        self.tally = Tally()
        self.stages = pl.DataFrame(schema={"deal_id": pl.String, "old": pl.String})

    def load(self, tables: Tables, at: datetime) -> None:
        """Rows in; a deal that is there already is replaced."""
        with self.warehouse.transaction() as transaction:
            for name, frame in (tables | self._entered(tables)).items():
                schema = self.warehouse.read(stored(name).limit(0)).schema
                always = name in ("partners", "contacts")
                rows = frame.with_columns(observed_at=pl.lit(ALWAYS if always else at.replace(tzinfo=None)))
                rows = rows.select(pl.col(column).cast(schema[column]) for column in rows.columns)
                if name == "deals":
                    transaction.append("deals", rows.to_arrow())
                    transaction.execute(
                        "DELETE FROM deals USING (SELECT deal_id AS same, max(rowid) AS last FROM deals GROUP BY deal_id) "
                        "WHERE deal_id = same AND deals.rowid < last"
                    )
                else:
                    transaction.append(name, rows.to_arrow())

    def _entered(self, tables: Tables) -> Tables:
        """Stages that deals went through, as the import writes them down: what was reached stays reached."""
        deals = tables.get("deals")
        if deals is None:
            return {}
        moved = deals.join(self.stages, on="deal_id").filter(pl.col("stage") != pl.col("old"))
        now = deals.select("deal_id", old="stage")
        self.stages = pl.concat([self.stages.join(now, on="deal_id", how="anti"), now])
        entered = moved.select(
            change_id=pl.format("{}-{}", "deal_id", "stage"),
            entity=pl.lit("deal"),
            entity_id="deal_id",
            field=pl.lit("stage"),
            old="old",
            new="stage",
            changed_at="stage_changed_at",
        )
        return {"changes": entered} if entered.height else {}

    def choose(self, view: View, at: datetime) -> Whole:
        """Decide and commit the month; the play of each partner."""
        began, day = perf_counter(), at.date()
        occasion = Occasion(f"{day:%Y-%m}", day, str(view.month), "USD")
        known = self._known(day, day - timedelta(days=1))
        cycle = propose(known.signals, known.history, self.program, occasion, known.counts)
        self.tally.seconds.append(perf_counter() - began)
        if len(self.tally.seconds) % ONCE_MORE == 0:
            late = self._known(day, day - timedelta(days=1 + LATE_DAYS))
            self.tally.compare(cycle, propose(late.signals, known.history, self.program, occasion, late.counts))
        self.risks.append((day - timedelta(days=1), _at_risk(cycle, view)))
        self.held += cycle.holdout
        self._commit(cycle.focus, day)
        return self.tally.commit(cycle, view.world, view.month)

    def _known(self, day: date, as_of: date) -> Known:
        """What is known of every partner by the facts of a day, and what was decided before."""
        facts = _facts(as_of, day)
        signals = compute(self.warehouse, facts, self.program)
        counts = month_counts(self.warehouse, facts, signals, self.program.engine.look_back_months)
        past = self._past(day, facts)
        barred = tuple(lot for lot in self.held if lot.until >= day)
        return Known(signals, counts, History(past, track_record(past), self._looked_back(day, as_of), barred=barred))

    def _commit(self, decisions: Iterable[Decision], day: date) -> None:
        self.made += decisions
        self.days += [day] * (len(self.made) - len(self.days))

    def close(self, at: datetime) -> None:
        """Compare what was forecast with what became of it."""
        facts = ScopedFacts(Scope(as_of=at.date() - timedelta(days=1)), Reporting("USD"))
        past = self._past(at.date(), facts)
        for play, said, result, ripe in past.select("play", "probability", "result", "ripe").iter_rows():
            if ripe:
                self.tally.judge(play, said, result == "met")
            else:
                self.tally.still_open += 1
        for made, told in self.risks:
            for lead in LEADS:
                if made + timedelta(days=lead + AHEAD_DAYS) <= facts.scope.as_of:
                    self.tally.drop_offs.append(self._dropped(facts, made, told, lead))
        self.warehouse.close()

    def _looked_back(self, day: date, as_of: date) -> pl.DataFrame | None:
        then = as_of - timedelta(days=AHEAD_DAYS)
        signals = compute_selling(self.warehouse, _facts(then, day))
        return cases_of(signals, self.warehouse.read(sold_after(_facts(as_of, day), AHEAD_DAYS, AHEAD_DAYS))["partner_id"])

    def _dropped(self, facts: ScopedFacts, made: date, told: pl.DataFrame, lead: int) -> DropOff:
        ago = (facts.scope.as_of - made).days - lead
        sold = self.warehouse.read(sold_after(facts, ago, AHEAD_DAYS))["partner_id"]
        gone = ~told["partner_id"].is_in(sold.implode())
        return DropOff(lead, told["drop_off_risk"].to_numpy(), told[f"truth_{lead}"].to_numpy(), gone.to_numpy())

    def _past(self, day: date, facts: ScopedFacts) -> pl.DataFrame:
        if not self.made:
            return pl.DataFrame(schema=dict(PAST))
        asked = pl.DataFrame(
            [_asked(one, made) for one, made in zip(self.made, self.days, strict=True)], schema=ASKED, orient="row"
        )
        counted = asked.select("decision_id", "by", facts_until=pl.lit(day)).join(
            progress(self.warehouse, facts, asked), on="decision_id"
        )
        told = judged(counted, day).select("decision_id", "result", "result_on", "ripe")
        rows = pl.DataFrame([_row(one, made) for one, made in zip(self.made, self.days, strict=True)], orient="row")
        return rows.join(told, on="decision_id").select(*PAST).cast(pl.Schema(PAST))


def _facts(as_of: date, day: date) -> ScopedFacts:
    """Facts as they stood on an evening, by all that is loaded on the morning of a day: nothing that came in between."""
    return ScopedFacts(Scope(as_of=as_of, past=as_of < day - timedelta(days=1), known_by=day), Reporting("USD"))


def _at_risk(cycle: Cycle, view: View) -> pl.DataFrame:
    """Who sold in 90 days: the risk as it was said, and as the truth has it, by days of lead."""
    world, factor_of = view.world, factors(view.world)
    others = np.zeros((len(world.state), len(STATES)))
    for kind in SELLING_KINDS:
        factor = factor_of.get(kind, np.ones(len(world.kinds)))[world.archetype]
        others += np.outer(factor * world.loud, world.laws.rates.get(kind, np.zeros(len(STATES))))
    truth = {f"truth_{lead}": silent_ahead(world, view.month, others, spans) for lead, spans in LEADS.items()}
    everybody = pl.DataFrame({"partner_id": partner_ids(len(world.state)), **truth})
    risks = cycle.next_actions.frame.select("partner_id", "drop_off_risk").drop_nulls()
    return risks.join(everybody, on="partner_id", how="left", maintain_order="left")


def _asked(one: Decision, made: date) -> dict[str, object]:
    predicate = one.outcome.predicate
    return {
        "decision_id": one.decision_id,
        "partner_id": one.partner_id,
        "after": made,
        "by": one.outcome.by,
        "event": predicate["event"],
        "wanted": [*predicate.get("kinds", ()), *predicate.get("stages", ())],
        "at_least": float(predicate["at_least"]),
    }


def _row(one: Decision, made: date) -> dict[str, object]:
    return {
        "decision_id": one.decision_id,
        "cycle": f"{made:%Y-%m}",
        "as_of": made,
        "partner_id": one.partner_id,
        "play": one.play,
        "step": one.step,
        "owner": one.owner,
        "hours": one.hours,
        "due": one.due,
        "outcome_by": one.outcome.by,
        "probability": one.probability,
        "status": "committed",
        "decided_on": made,
        "snoozed_until": None,
    }
