"""What it was worth: the learning report, and the cases behind each of its figures."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from nextplay.facts.scope import Reach
from nextplay.learning.calibration import in_band
from nextplay.learning.cases import BY_LOT, decisions
from nextplay.learning.report import Learned, learned
from nextplay.operations.installation import Installation
from nextplay.operations.learning.learning_cases import cases_of
from nextplay.operations.named_people import names_of_people
from nextplay.operations.viewer import DECIDERS, Viewer, reach_of, require
from nextplay.values.period import utc_day

# Decisions that came due are told for this long; the rest is behind the figures.
DUE_DAYS = 90
MOST_ROWS, MOST_NAMED = 500, 20


@dataclass(frozen=True)
class CaseRow:
    """One case behind a figure. `decision_id` is empty where the lot held the partner back, so that nobody decided."""

    case_id: str
    decision_id: str
    cycle: str
    as_of: date
    partner_id: str
    partner_name: str
    play: str
    arm: str
    status: str
    reason: str
    owner: str
    hours: float
    probability: float | None
    outcome_by: date
    result: str
    ripe: bool


@dataclass(frozen=True)
class LearningReport:
    """The report on a day. `portfolio`: of the viewer's own partners only. `due`: run and over in the last 90 days."""

    as_of: date
    facts_until: date | None
    portfolio: bool
    cases: int
    months: int
    learned: Learned
    labels: dict[str, str]
    # What owners are called, by address in small letters.
    people: dict[str, str]
    # What partners with most hours that moved nobody are called.
    names: dict[str, str]
    due: tuple[CaseRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the answer on each play in a word."""
        found = self.learned
        told = asdict(found)
        told["lifts"] = [{**asdict(one), "answer": one.answer} for one in found.lifts]
        told["all_plays"] = {**asdict(found.all_plays), "answer": found.all_plays.answer}
        told["overrides"] = [{**asdict(one), "who_was_right": one.who_was_right} for one in found.overrides]
        return {
            "as_of": self.as_of.isoformat(),
            "facts_until": self.facts_until.isoformat() if self.facts_until else None,
            "portfolio": self.portfolio,
            "cases": self.cases,
            "months": self.months,
            **told,
        }


@dataclass(frozen=True)
class CasesAsked:
    """Which cases a figure rests on; what is not named does not narrow. `ripe` as the figures count: windows that are over."""

    play: str = ""
    arm: str = ""
    status: str = ""
    reason: str | None = None
    partner_id: str = ""
    said_from: float | None = None
    said_to: float | None = None
    result: str = ""
    ripe: bool = True


@dataclass(frozen=True)
class CasesShown:
    """Cases behind a figure: the newest of them, and how many there are and reached the outcome in all."""

    rows: tuple[CaseRow, ...]
    cases: int
    met: int


def show_learning(installation: Installation, viewer: Viewer, *, now: datetime) -> LearningReport:
    """The report over the viewer's reach. Raises NotForThisViewer but for admins and partner managers."""
    require(viewer, *DECIDERS)
    cases, program = _linked(cases_of(installation, viewer, now=now)), installation.program
    day = installation.reference_day(utc_day(now))
    ended = (pl.col("status") == "committed") & pl.col("ripe") & (pl.col("outcome_by") > day - pl.duration(days=DUE_DAYS))
    due = decisions(cases).filter(ended).sort("outcome_by", "case_id", descending=[True, False])
    told = learned(cases)
    return LearningReport(
        as_of=day,
        facts_until=installation.span.last_happened,
        portfolio=reach_of(viewer, program) != Reach(),
        cases=cases.filter(_counted()).height,
        months=cases["cycle"].n_unique(),
        learned=told,
        labels={play.name: play.label for play in program.plays},
        people=names_of_people(program),
        names=_names(installation, [one.partner_id for one in told.hours.unmoved[:MOST_NAMED]], day),
        due=_rows(installation, due.head(MOST_ROWS), day),
    )


def show_cases(installation: Installation, viewer: Viewer, asked: CasesAsked, *, now: datetime) -> CasesShown:
    """The cases a figure rests on, newest first. Raises NotForThisViewer but for admins and partner managers."""
    require(viewer, *DECIDERS)
    cases = _linked(cases_of(installation, viewer, now=now)).filter(_narrowed(asked))
    newest = cases.sort("as_of", "case_id", descending=[True, False]).head(MOST_ROWS)
    rows = _rows(installation, newest, installation.reference_day(utc_day(now)))
    return CasesShown(rows, cases.height, cases.filter(pl.col("result") == "met").height)


def _narrowed(asked: CasesAsked) -> list[pl.Expr]:
    named = {"play": asked.play, "arm": asked.arm, "partner_id": asked.partner_id, "result": asked.result}
    tests = [pl.col(name) == value for name, value in named.items() if value]
    tests.append(pl.col("kind") == "lot" if asked.arm in BY_LOT else _counted())
    if asked.status:
        tests.append(pl.col("status") == asked.status)
    if asked.reason is not None:
        tests.append(pl.col("reason") == asked.reason)
    if asked.said_from is not None and asked.said_to is not None:
        tests.append(in_band(asked.said_from, asked.said_to))
    if asked.ripe:
        tests.append(pl.col("ripe"))
    if asked.play and asked.status == "committed":
        # Behind the rate of a play stands only what was judged by its own outcome.
        tests.append(pl.col("own_outcome"))
    return tests


def _linked(cases: pl.DataFrame) -> pl.DataFrame:
    """With `decision_id`: the decision itself, or the one on the same play that a side of a lot was offered."""
    key = ["cycle", "partner_id", "play"]
    made = decisions(cases).sort("case_id").group_by(key, maintain_order=True).agg(decision_id=pl.col("case_id").last())
    own = pl.when(pl.col("kind") == "decision").then(pl.col("case_id")).otherwise(pl.col("decision_id"))
    return cases.join(made, on=key, how="left", maintain_order="left").with_columns(decision_id=own.fill_null(""))


def _counted() -> pl.Expr:
    """Each partner's month once: decisions, and those held back from one."""
    return (pl.col("kind") == "decision") | (pl.col("arm") == "held_back")


def _rows(installation: Installation, cases: pl.DataFrame, day: date) -> tuple[CaseRow, ...]:
    named = _names(installation, cases["partner_id"].unique().sort().to_list(), day)
    fields = [name for name in CaseRow.__dataclass_fields__ if name != "partner_name"]
    return tuple(
        CaseRow(**row, partner_name=named.get(row["partner_id"], row["partner_id"]))
        for row in cases.select(fields).iter_rows(named=True)
    )


def _names(installation: Installation, wanted: list[str], day: date) -> dict[str, str]:
    if not wanted:
        return {}
    partners = installation.facts(day, Reach()).partners
    found = partners.filter(partners.partner_id.isin(sorted(wanted)) & partners.name.notnull()).select("partner_id", "name")
    return dict(installation.warehouse.read(found).iter_rows())
