"""Outcomes and learning: what plays added, whether our odds are honest, and the cases behind every figure."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from nextplay.operations.learning.show_learning import CasesAsked, LearningReport, show_cases, show_learning
from nextplay.operations.viewer import Role
from nextplay.web import figures, learned
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

MOST_UNMOVED, MOST_DUE = 8, 12
ARMS = {"offered": "offered by lot", "held_back": "held back by lot", "chosen": "chosen", "explored": "drawn to learn"}


@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """Show the report."""
    found = show_learning(installation(), viewer_of(request), now=moment())
    told = found.learned
    context = {
        "lead": _lead(found),
        "anything": found.cases > 0,
        "lifts": learned.shown_lifts(found),
        "axis": learned.axis(found),
        "plans": learned.shown_plans(found),
        "rates": learned.shown_rates(found),
        "bands": learned.shown_bands(found),
        "calibration": told.calibration,
        "skill": _skill(found),
        "overrides": learned.shown_overrides(found),
        "hours": told.hours,
        "unmoved_share": figures.share(told.hours.unmoved_hours / told.hours.hours) if told.hours.hours else "",
        "unmoved": [
            (
                one,
                found.names.get(one.partner_id, one.partner_id),
                learned.cases_at(partner_id=one.partner_id, status="committed"),
            )
            for one in told.hours.unmoved[:MOST_UNMOVED]
        ],
        "more_unmoved": max(len(told.hours.unmoved) - MOST_UNMOVED, 0),
        "unmoved_all": learned.cases_at(status="committed", result="missed"),
        "due": [
            (one, found.labels.get(one.play, figures.words(one.play)), found.people.get(one.owner.lower(), one.owner))
            for one in found.due[:MOST_DUE]
        ],
        "due_kept": sum(one.result == "met" for one in found.due),
        "due_all": len(found.due),
        "due_at": learned.cases_at(status="committed"),
        "labels": found.labels,
        "today": found.as_of,
        "may_replay": viewer_of(request).role is Role.ADMIN,
    }
    return show(request, "nextplay/pages/learning.html", context, shell=shell_of(request, "learning"))


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases a figure rests on."""
    asked = _asked(request.GET)
    found = show_cases(installation(), viewer_of(request), asked, now=moment())
    labels = {play.name: play.label for play in installation().program.plays}
    named = [labels.get(asked.play, asked.play), ARMS.get(asked.arm, ""), asked.status, asked.reason or "", asked.result]
    context = {
        "rows": [
            (row, labels.get(row.play, figures.words(row.play)) or "No play", ARMS.get(row.arm, row.arm)) for row in found.rows
        ],
        "narrowed": ", ".join(part for part in named if part),
        "found": found,
    }
    return show(request, "nextplay/pages/learning_cases.html", context, shell=shell_of(request, "learning"))


def _asked(query: QueryDict) -> CasesAsked:
    return CasesAsked(
        play=query.get("play", ""),
        arm=query.get("arm", ""),
        status=query.get("status", ""),
        reason=query.get("reason"),
        partner_id=query.get("partner_id", ""),
        said_from=_chance(query.get("said_from")),
        said_to=_chance(query.get("said_to")),
        result=query.get("result", ""),
    )


def _chance(written: str | None) -> float | None:
    try:
        return float(written) if written else None
    except ValueError:
        return None


def _lead(found: LearningReport) -> str:
    """The finding in one sentence, and how far the facts reach."""
    answers: list[str] = [one.answer for one in found.learned.lifts]
    words = {"works": "works", "probably_helps": "probably helps", "no_sign": "shows no sign of helping"}
    parts = [_counted(answers.count(key), words[key]) for key in words if answers.count(key)]
    told = f"{', '.join(parts)}. " if parts else "No play has been tested long enough to say whether it works. "
    until = f"Facts up to {figures.day(found.facts_until, found.as_of)}." if found.facts_until else ""
    mine = " Your own portfolio only." if found.portfolio else ""
    return f"{told[:1].upper()}{told[1:]}{until}{mine}"


def _counted(number: int, what: str) -> str:
    several = {"works": "work", "probably helps": "probably help", "shows no sign of helping": "show no sign of helping"}
    return f"one play {what}" if number == 1 else f"{number} plays {several[what]}"


def _skill(found: LearningReport) -> str:
    told = found.learned.calibration
    if told.brier is None or told.said is None or told.happened is None:
        return "Too early: under ten decisions have run their time."
    said = (
        f"Over all we said {figures.share(told.said)} and {figures.share(told.happened)} happened. Brier score {told.brier:.3f}"
    )
    if told.skill is None:
        return f"{said}."
    better = "better" if told.skill > 0 else "worse"
    return f"{said}, {figures.share(abs(told.skill))} {better} than always saying the average."
