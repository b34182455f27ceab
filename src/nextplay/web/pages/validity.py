"""The validity report: what each score of past days was worth, beside naive figures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.partners.partner_analysis import LABELS
from nextplay.operations.partners.validity import latest_validity
from nextplay.operations.viewer import DECIDERS, require
from nextplay.program.definition import Program
from nextplay.web import figures
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.jobs import start
from nextplay.web.surround import shell_of

TONES = {
    "predicts": "blue",
    "beats the naive figure": "green",
    "predicts, but no better": "blue",
    "predicts nothing": "orange",
    "predicts the opposite": "red",
    "too few cases": "grey",
}
BEFORE = "Naive figure: pipeline of the quarter before"


@dataclass(frozen=True)
class ShownCheck:
    """A line of the report."""

    label: str
    verdict: str
    tone: str
    concordance: str
    naive: str
    better: str
    high: str
    base: str
    mean: str


@require_safe
def validity(request: HttpRequest) -> HttpResponse:
    """Show the newest report."""
    viewer = viewer_of(request)
    report, program = latest_validity(installation(), viewer), installation().program
    every = report["checks"] if report else []
    segments = list(dict.fromkeys(one["segment"] for one in every if one["segment"]))
    currency = report["currency"] if report else ""
    parts = [("All partners", _lines(every, None, program, currency, scores=True))]
    parts += [(segment, _lines(every, segment, program, currency, scores=True)) for segment in segments]
    parts += [("Each criterion", _lines(every, None, program, currency, scores=False))]
    context = {
        "made_on": datetime.fromisoformat(report["made_at"]) if report else None,
        "today": moment().date(),
        "days": [date.fromisoformat(day) for day in report["days"]] if report else [],
        "parts": [(title, lines) for title, lines in parts if lines],
        "may_check": viewer.role in DECIDERS,
    }
    return show(request, "nextplay/pages/validity.html", context, shell=shell_of(request, "partners"))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have the report made anew."""
    require(viewer_of(request), *DECIDERS)
    return start(request, "validity", {})


def _lines(
    every: list[dict[str, Any]], segment: str | None, program: Program, currency: str, *, scores: bool
) -> list[ShownCheck]:
    chosen = [one for one in every if one["segment"] == segment and one["name"].endswith(".points") != scores]
    return [_line(one, program, currency) for one in chosen]


def _line(one: dict[str, Any], program: Program, currency: str) -> ShownCheck:
    of = f"({figures.count(one['brought'])} of {figures.count(one['cases'])})"
    base = f"{figures.share(one['base_rate'])} {of}" if one["cases"] else figures.NOTHING
    return ShownCheck(
        label=_label(one["name"], program),
        verdict=one["verdict"],
        tone=TONES[one["verdict"]],
        concordance=_said(one["concordance"]),
        naive=_said(one["naive"]),
        better=_said(one["better"], sign="+"),
        high=figures.NOTHING if one["rate_high"] is None else figures.share(one["rate_high"]),
        base=base,
        mean=_means(one, currency),
    )


def _label(name: str, program: Program) -> str:
    dimension, _, rest = name.partition(".")
    if not rest:
        return BEFORE
    if rest == "score":
        return LABELS[dimension]
    known: dict[str, str] = {one.name: one.label for one in getattr(program.rubric, dimension)}
    criterion = rest.removesuffix(".points")
    return known.get(criterion, figures.words(criterion))


def _said(found: dict[str, float] | None, sign: str = "") -> str:
    if found is None:
        return figures.NOTHING
    value, low, high = (format(found[name], f"{sign}.2f").replace("-", "−") for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _means(one: dict[str, Any], currency: str) -> str:
    if one["mean_high"] is None:
        return figures.NOTHING
    high, every = (figures.money_short(one[name], currency) for name in ("mean_high", "mean_all"))
    return f"{high}, all {every}"
