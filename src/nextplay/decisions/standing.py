"""Where every partner stands: placement, reason, verdict and next best action, as expressions over all of them at once."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.board import UNASSIGNED, Board
from nextplay.decisions.drop_off_reason import drop_off_reason
from nextplay.decisions.eligibility import conditions_met, paused, silence_needed
from nextplay.decisions.history import History, steps_count_from
from nextplay.decisions.mind import NOT_SIGNED, STAGE_WITHOUT_HOURS, change_our_mind, many
from nextplay.decisions.proposal import STANDING, Decisions, LeftOut, Standings
from nextplay.program.definition import Program
from nextplay.program.plays import Play
from nextplay.traits.verdict import came_to_nothing
from nextplay.values.period import working_day

Floats = npt.NDArray[np.float64]

NO_STEP = "Trains and attends, but takes no step towards selling"
UNDER_WAY = "Play under way"
PAUSED = "Paused by us"
LEFT_ALONE = "Left alone by us"
NO_HOURS_LEFT = "Next in line, no hours left"
WITHOUT_HELP = "Selling without help"


@dataclass(frozen=True)
class Prices:
    """What an hour earns at each partner's owner: the last one given, and the next in line (0 where hours are left over).

    `spare`: hours that this owner has left, too few for whoever waits.
    """

    last: Floats
    next: Floats
    spare: Floats


def standings(
    board: Board, focus: Decisions, held: list[str], prices: Prices, history: History, program: Program, as_of: date
) -> Standings:
    """A row for every partner of the program; `STANDING` says what it holds."""
    frame = _placed(board, focus, held).join(
        _under_way(history, program, as_of), on="partner_id", how="left", maintain_order="left"
    )
    frame = _pauses(frame, history, program, as_of)
    frame = frame.with_columns(reason=_reason()).with_columns(verdict=_verdict(), play=_play())
    frame = frame.with_columns(action=_action(board.plays), due=_due(), why=_why(), **_doer())
    frame = frame.with_columns(
        pl.Series("hour_price", prices.last), pl.Series("next_hourly", prices.next), pl.Series("spare", prices.spare)
    )
    turned = change_our_mind(
        frame.with_columns(came_to_nothing(program.stop)), board, history, as_of, program.capacity.least_lift
    )
    frame = frame.with_columns(drop_off_reason(), change_our_mind=turned)
    return Standings(frame.with_columns(pl.col("workable").cast(pl.Boolean)).select(*STANDING).cast(pl.Schema(STANDING)))


def left_out(standing: Standings) -> tuple[LeftOut, ...]:
    """Reasons with counts, most frequent first."""
    rows = standing.frame.filter(pl.col("placement") == "left_out").group_by("reason").agg(count=pl.len())
    return tuple(LeftOut(reason, count) for reason, count in rows.sort("count", "reason", descending=[True, False]).iter_rows())


def _placed(board: Board, focus: Decisions, held: list[str]) -> pl.DataFrame:
    best = board.best
    names = np.array([play.name for play in board.plays] + [None], dtype=object)
    labels = np.array([play.label for play in board.plays] + [None], dtype=object)
    steps = np.array([play.steps[0].name for play in board.plays] + [None], dtype=object)
    verdicts = np.array([play.verdict for play in board.plays] + [None], dtype=object)
    frame = board.frame.with_columns(
        *(
            pl.Series(name, values[best].tolist(), dtype=pl.String)
            for name, values in (("best_play", names), ("best_label", labels), ("best_step", steps), ("best_verdict", verdicts))
        ),
        pl.Series("any_fit", board.fits.any(axis=1)),
        pl.Series("held", board.frame["partner_id"].is_in(held)),
    )
    frame = frame.join(_in_focus(focus), on="partner_id", how="left", maintain_order="left")
    placement = (
        pl.when(pl.col("focus_play").is_not_null())
        .then(pl.lit("focus"))
        .when(pl.col("held"))
        .then(pl.lit("holdout"))
        .when(pl.col("polite_hope") & ~pl.col("waiting"))
        .then(pl.lit("stop"))
        .otherwise(pl.lit("left_out"))
    )
    return frame.with_columns(placement=placement)


def _in_focus(focus: Decisions) -> pl.DataFrame:
    """The decisions, a row a partner."""
    return focus.frame.select(
        "partner_id",
        focus_play="play",
        focus_verdict="verdict",
        focus_step="step",
        focus_due="due",
        focus_why="why",
        focus_owner="owner",
        focus_gain="expected_gain",
        focus_hours="hours",
        focus_outcome="outcome_name",
        focus_by="outcome_by",
    )


def _under_way(history: History, program: Program, as_of: date) -> pl.DataFrame:
    """The next step of each play that runs: the first whose day has not passed, else waiting for the outcome."""
    steps = pl.DataFrame(
        [(play.name, play.label, step.name, step.day, play.steps[0].day) for play in program.plays for step in play.steps],
        schema={"play": pl.String, "running_label": pl.String, "running_step": pl.String, "day": pl.Int64, "first": pl.Int64},
        orient="row",
    )
    running = history.running(as_of).select("partner_id", "play", "as_of", "decided_on", running_until="outcome_by")
    begun = running.join(steps, on="play", how="left").with_columns(begun=steps_count_from(pl.col("first")))
    ahead = begun.with_columns(
        # As `working_day` moves a single one.
        running_due=(pl.col("begun") + pl.duration(days=pl.col("day"))).dt.add_business_days(0, roll="forward")
    )
    ahead = ahead.with_columns(past=(pl.col("running_due") < as_of).fill_null(value=True)).sort(
        "partner_id", "past", "running_due", "day", "play", "running_step"
    )
    first = ahead.group_by("partner_id", maintain_order=True).first()
    due, step = pl.col("running_due"), pl.col("running_step")
    return first.select(
        "partner_id",
        "running_until",
        "running_label",
        running_play="play",
        running_due=pl.when(~pl.col("past")).then(due),
        running_step=pl.when(~pl.col("past")).then(step),
    )


def _pauses(frame: pl.DataFrame, history: History, program: Program, as_of: date) -> pl.DataFrame:
    """`pausing`: a pause runs. `pause`, `pause_step`, `pause_due`: the first that is open to who gets no more hours."""
    plays = program.pauses
    running = pl.col("running_play").is_in([play.name for play in plays]).fill_null(value=False)
    if not plays:
        nothing = {"pause": pl.String, "pause_step": pl.String, "pause_due": pl.Date}
        return frame.with_columns(running.alias("pausing"), *(pl.lit(None, kind).alias(name) for name, kind in nothing.items()))
    is_open = conditions_met(frame, plays) & ~paused(frame, plays, history, as_of)
    first = np.where(is_open.any(axis=1) & (frame["placement"] == "stop").to_numpy(), is_open.argmax(axis=1), len(plays))
    names = [*(play.name for play in plays), None]
    steps = [*(play.steps[0].name for play in plays), None]
    days = [*(working_day(as_of + timedelta(days=play.steps[0].day)) for play in plays), None]
    return frame.with_columns(
        running.alias("pausing"),
        pl.Series("pause", [names[place] for place in first], dtype=pl.String),
        pl.Series("pause_step", [steps[place] for place in first], dtype=pl.String),
        pl.Series("pause_due", [days[place] for place in first], dtype=pl.Date),
    )


def _reason() -> pl.Expr:
    selling = pl.col("selling_90") > 0
    reasons = (
        (pl.col("placement") != "left_out", ""),
        ((pl.col("workable") == 0) & (pl.col("member") == 0), NOT_SIGNED),
        (pl.col("workable") == 0, STAGE_WITHOUT_HOURS),
        (pl.col("pausing") & pl.col("running"), PAUSED),
        (pl.col("running"), UNDER_WAY),
        (pl.col("left_alone"), LEFT_ALONE),
        (pl.col("owner").is_null(), "No partner manager"),
        (pl.col("best_play").is_not_null(), NO_HOURS_LEFT),
        (pl.col("pausing"), PAUSED),
        (pl.col("waiting"), UNDER_WAY),
        (selling, WITHOUT_HELP),
        (pl.col("badges_only"), NO_STEP),
        (pl.col("any_fit"), "No play would move it enough, or its play is paused"),
        (pl.col("traits_known") == 0, "Too little known yet"),
    )
    return _first_of(reasons, "No play fits what it shows")


def _verdict() -> pl.Expr:
    return (
        pl.when((pl.col("placement") == "stop") | (pl.col("reason") == PAUSED))
        .then(pl.lit("stop"))
        .when(pl.col("reason") == UNDER_WAY)
        .then(pl.lit("invest"))
        .when(pl.col("reason") == NO_STEP)
        .then(pl.lit("change_approach"))
        .otherwise(pl.coalesce("focus_verdict", "best_verdict", pl.lit("wait")))
    )


def _play() -> pl.Expr:
    return (
        pl.when(pl.col("placement") == "stop")
        .then("pause")
        .otherwise(
            pl.when(pl.col("reason").is_in([UNDER_WAY, PAUSED]))
            .then(pl.coalesce("running_play", "best_play"))
            .otherwise(pl.coalesce("focus_play", "best_play"))
        )
    )


def _doer() -> dict[str, pl.Expr]:
    """Who does it, and the partner's own manager where that is another one."""
    other = pl.col("focus_owner").str.to_lowercase() != pl.col("owner").str.to_lowercase()
    return {
        "owner": pl.coalesce("focus_owner", "owner"),
        "instead_of": pl.when(other & (pl.col("owner") != UNASSIGNED)).then("owner"),
    }


def _due() -> pl.Expr:
    under_way = pl.col("reason").is_in([UNDER_WAY, PAUSED])
    return pl.when(under_way).then("running_due").otherwise(pl.coalesce("focus_due", "pause_due"))


def _action(plays: tuple[Play, ...]) -> pl.Expr:
    in_line = pl.format("When hours come free: {}", pl.col("best_step"))
    go_on = pl.format(
        "{}: {}", pl.coalesce("running_label", "running_play"), pl.coalesce("running_step", pl.lit("wait for the outcome"))
    )
    quiet = pl.format("Leave alone until nothing is sold for {} days", silence_needed(plays))
    actions = (
        (pl.col("placement") == "focus", pl.col("focus_step")),
        (pl.col("placement") == "holdout", pl.lit("Leave alone this month: held back to measure what plays do")),
        (pl.col("placement") == "stop", pl.coalesce("pause_step", pl.lit("No plays and no calls; portal access stays"))),
        (pl.col("reason") == PAUSED, pl.coalesce("running_step", pl.lit("Leave alone: nothing is asked of it"))),
        (pl.col("reason") == UNDER_WAY, go_on),
        (pl.col("reason") == LEFT_ALONE, pl.lit("Leave alone until the day it was put off to")),
        (pl.col("reason") == NOT_SIGNED, pl.lit("Leave alone until it signs")),
        (pl.col("reason") == STAGE_WITHOUT_HOURS, pl.lit("Leave alone at this stage")),
        (pl.col("reason") == "No partner manager", pl.lit("Name a partner manager")),
        (pl.col("reason") == NO_HOURS_LEFT, in_line),
        (pl.col("reason") == WITHOUT_HELP, pl.coalesce(quiet, pl.lit("Leave alone until a play fits"))),
        (
            pl.col("badges_only"),
            pl.lit("Leave alone until it accepts one concrete step: offer one shared account instead of training"),
        ),
        (pl.col("contacts") == 0, pl.lit("Ask for a named seller, then leave alone until it answers")),
        (pl.col("proposals_180") == 0, pl.lit("Propose one concrete step, then leave alone until it answers")),
        (pl.col("deals_open") > 0, pl.lit("Leave alone until an open deal moves")),
    )
    return _first_of(actions, pl.lit("Leave alone until a selling event or a kept commitment"))


def _why() -> pl.Expr:
    """One sentence with the numbers at hand."""
    sold = (
        pl.when(pl.col("days_since_selling").is_null() & (pl.col("reason") == NOT_SIGNED))
        .then(pl.lit("Nothing sold so far"))
        .when(pl.col("days_since_selling").is_null())
        .then(pl.format("Nothing sold in {} days in the program", pl.col("days_in_program")))
        .otherwise(
            pl.format(
                "{} in 90 days, the last {} days ago",
                many(pl.col("selling_90"), "selling event", "selling events"),
                pl.col("days_since_selling"),
            )
        )
    )
    promised = pl.col("commitment_met_270") + pl.col("commitment_missed_270")
    kept = (
        pl.when(promised > 0)
        .then(pl.format("; {} of {} commitments kept", pl.col("commitment_met_270"), promised))
        .otherwise(pl.lit(""))
    )
    attended = (
        pl.when(pl.col("badges_180") > 0)
        .then(pl.format("; {} logins, trainings and webinars in 180 days", pl.col("badges_180")))
        .otherwise(pl.lit(""))
    )
    reason = pl.when(pl.col("reason") == "").then(pl.lit("")).otherwise(pl.format("{}: ", pl.col("reason")))
    told = pl.concat_str(reason, sold, kept, attended, pl.lit("."))
    return pl.coalesce("focus_why", told)


def _first_of(cases: tuple[tuple[pl.Expr, pl.Expr | str], ...], otherwise: pl.Expr | str) -> pl.Expr:
    """Value of the first test that holds."""
    value = pl.lit(otherwise) if isinstance(otherwise, str) else otherwise
    for test, outcome in reversed(cases):
        value = pl.when(test).then(pl.lit(outcome) if isinstance(outcome, str) else outcome).otherwise(value)
    return value
