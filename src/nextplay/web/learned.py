"""The learning report in words and places to draw: an axis for all plays, tones, and where the cases behind each figure are."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from nextplay.learning.calibration import Band
from nextplay.learning.effect import OutcomeRate
from nextplay.learning.lift import ENOUGH_PER_ARM, Lift
from nextplay.learning.overrides import Override
from nextplay.learning.report import Plan
from nextplay.operations.learning.show_learning import LearningReport
from nextplay.web import figures

# Answer: words, tone, icon.
ANSWERS = {
    "works": ("Works", "green", "check"),
    "probably_helps": ("Probably helps", "blue", ""),
    "too_early": ("Too early", "grey", "clock"),
    "no_sign": ("No sign it helps", "orange", "minus"),
}
REMARKS = {"too_few": "too few cases to say", "too_hopeful": "too hopeful", "too_careful": "too careful", "": ""}
ALL_PLAYS = "All plays together"


@dataclass(frozen=True)
class ShownLift:
    """A play's effect, ready to draw; `places` is empty where a side has nobody."""

    label: str
    counts: str
    offered: str
    offered_at: str
    held: str
    held_at: str
    points: str
    places: tuple[float, ...]
    zero: float
    said: str
    answer: str
    tone: str
    icon: str
    remark: str


@dataclass(frozen=True)
class ShownRate:
    """Outcomes of a play that was run."""

    label: str
    over: int
    met: int
    met_at: str
    over_at: str
    open: int
    rate: str
    likely: str
    forecast: str
    hours: float


@dataclass(frozen=True)
class ShownBand:
    """A band of what was said; `drawn` False without a case."""

    label: str
    said: tuple[float, float]
    likely: tuple[float, float]
    happened: float
    share: str
    cases: int
    cases_at: str
    text: str
    remark: str
    drawn: bool


@dataclass(frozen=True)
class ShownPlan:
    """What a test can find, by months."""

    label: str
    pace: str
    least: tuple[str, ...]


@dataclass(frozen=True)
class ShownOverride:
    """Proposals people turned down or put off."""

    title: str
    text: str
    hint: str
    at: str


def cases_at(**asked: object) -> str:
    """Where the cases behind a figure are."""
    named = {name: value for name, value in asked.items() if value not in (None, "")}
    return f"{reverse('learning-cases')}?{urlencode(named)}"


def shown_lifts(found: LearningReport) -> list[ShownLift]:
    """All plays together first, on one axis."""
    lifts = [found.learned.all_plays, *found.learned.lifts]
    drawn = [value for one in lifts for value in (one.low95, one.high95) if value is not None]
    low, high = min([-0.2, *drawn]), max([0.2, *drawn])
    return [_lift(one, found.labels, low, high) for one in lifts]


def axis(found: LearningReport) -> tuple[str, str]:
    """What the ends of that axis mean."""
    drawn = [value for one in (found.learned.all_plays, *found.learned.lifts) for value in (one.low95, one.high95) if value]
    return _points(min([-0.2, *drawn])), _points(max([0.2, *drawn]))


def _lift(one: Lift, labels: dict[str, str], low: float, high: float) -> ShownLift:
    answer, tone, icon = ANSWERS[one.answer]
    ends = (one.low95, one.high95, one.low80, one.high80, one.difference)
    known = [value for value in ends if value is not None]
    places = tuple((value - low) / (high - low) for value in known) if len(known) == len(ends) else ()
    said = (
        ""
        if not places
        else (
            f"Difference {_points(one.difference)} points, 80% between {_points(one.low80)} and {_points(one.high80)}, "
            f"95% between {_points(one.low95)} and {_points(one.high95)}"
        )
    )
    play = one.play or ""
    return ShownLift(
        label=labels.get(play, figures.words(play)) if play else ALL_PLAYS,
        counts=f"{one.offered} offered ({one.run} run), {one.held} held back{_crossed(one)}",
        offered=_share(one.offered_met, one.offered),
        offered_at=cases_at(play=play, arm="offered"),
        held=_share(one.held_met, one.held),
        held_at=cases_at(play=play, arm="held_back"),
        points=_points(one.difference),
        places=places,
        zero=-low / (high - low),
        said=said,
        answer=answer,
        tone=tone,
        icon=icon,
        remark=_remark(one),
    )


def _crossed(one: Lift) -> str:
    """How many got the play although the lot was to keep it from them."""
    return f" ({one.crossed} got it by hand)" if one.crossed else ""


def _remark(one: Lift) -> str:
    """What would be needed, or could have shown."""
    missing = max(ENOUGH_PER_ARM - one.offered, 0), max(ENOUGH_PER_ARM - one.held, 0)
    needed = [f"{number} more {side}" for number, side in zip(missing, ("offered", "held back"), strict=True) if number]
    if needed:
        return f"{' and '.join(needed)} before anyone can say"
    if one.answer in ("no_sign", "too_early") and one.least is not None:
        return f"would have shown a difference of {_points(one.least)} points"
    return ""


def shown_rates(found: LearningReport) -> list[ShownRate]:
    """A row a play that was run."""
    return [_rate(one, found.labels) for one in found.learned.rates]


def _rate(one: OutcomeRate, labels: dict[str, str]) -> ShownRate:
    known = one.low is not None and one.high is not None
    return ShownRate(
        label=labels.get(one.play, figures.words(one.play)),
        over=one.closed,
        met=one.met,
        met_at=cases_at(play=one.play, status="committed", result="met"),
        over_at=cases_at(play=one.play, status="committed"),
        open=one.open,
        rate="Too early" if one.rate is None else figures.share(one.rate),
        likely=f"{figures.share(one.low)} to {figures.share(one.high)}" if known else "",
        forecast=figures.share(one.forecast) if one.forecast is not None else "",
        hours=one.hours,
    )


def shown_bands(found: LearningReport) -> list[ShownBand]:
    """A row a band, with the comment only where it is off."""
    return [_band(one) for one in found.learned.calibration.bands]


def _band(one: Band) -> ShownBand:
    label = f"{one.said_from * 100:.0f}–{one.said_to * 100:.0f}%"
    drawn = one.happened is not None
    return ShownBand(
        label=label,
        said=(one.said_from, one.said_to),
        likely=(one.low or 0.0, one.high or 0.0),
        happened=one.happened or 0.0,
        share=figures.share(one.happened) if drawn else "",
        cases=one.cases,
        cases_at=cases_at(status="committed", said_from=one.said_from, said_to=one.said_to),
        text=f"We said {label}, it happened {figures.share(one.happened)} of the time, {figures.many(one.cases, 'case')}",
        remark=REMARKS[one.remark] if one.cases else "",
        drawn=drawn,
    )


def shown_plans(found: LearningReport) -> list[ShownPlan]:
    """All plays together first."""
    return [_plan(one, found.labels) for one in found.learned.plans]


def _plan(one: Plan, labels: dict[str, str]) -> ShownPlan:
    least = tuple("nothing shows" if value is None or value >= 1 else f"{value * 100:.0f} points" for _, value in one.least)
    pace = f"{one.offered_a_month:g} offered and {one.held_a_month:g} held back a month"
    return ShownPlan(labels.get(one.play, figures.words(one.play)) if one.play else ALL_PLAYS, pace, least)


def shown_overrides(found: LearningReport) -> list[ShownOverride]:
    """What became of what people turned down; a difference, never an effect."""
    return [_override(one) for one in found.learned.overrides]


def _override(one: Override) -> ShownOverride:
    done = "Declined" if one.status == "declined" else "Put off"
    came = f"{one.reached} of {one.cases} reached the outcome all the same."
    words = {
        "too_early": "Too few cases to say who was right.",
        "came_by_itself": "More often than where the play was run. That speaks for turning it down, though no lot chose them.",
        "lost": "Less often than where the play was run. Whether the play did that, this comparison cannot tell.",
        "cannot_tell": "No clear difference from where the play was run.",
    }
    title = f"{done}: {one.reason}" if one.reason else done
    at = cases_at(status=one.status) + ("&" + urlencode({"reason": one.reason}))
    return ShownOverride(title, came, words[one.who_was_right], at)


def _share(met: int, cases: int) -> str:
    if not cases:
        return figures.NOTHING
    return f"{met} of {cases}" if cases < ENOUGH_PER_ARM else figures.share(met / cases)


def _points(value: float | None) -> str:
    if value is None:
        return figures.NOTHING
    points = round(value * 100)
    return "0" if points == 0 else f"{points:+d}".replace("-", figures.MINUS)
