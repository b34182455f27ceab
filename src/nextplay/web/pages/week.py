"""My week: what a partner manager does on Monday; and the team's cadence for the channel chief."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nextplay.operations.plays.play_accounts import ACCOUNTS
from nextplay.operations.plays.show_play import show_play
from nextplay.operations.plays.show_team_week import OwnerCadence, show_team_week
from nextplay.operations.plays.show_week import DAYS, MyWeek, show_week
from nextplay.operations.viewer import DECIDERS
from nextplay.values.period import Month
from nextplay.web import figures
from nextplay.web.asked import day_in
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.plays import prep_of
from nextplay.web.surround import shell_of


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show late, today, then the days."""
    viewer, now, query = viewer_of(request), moment(), request.GET
    found = show_week(installation(), viewer, owner=query.get("owner") or None, week_of=day_in(query.get("of", "")), now=now)
    context = {
        "week": found,
        "own": found.owner == viewer.email.lower(),
        "lead": _lead(found),
        "today": found.today,
        "before": found.monday - timedelta(days=DAYS),
        "after": found.monday + timedelta(days=DAYS),
        "here": request.get_full_path(),
        "may_work": viewer.role in DECIDERS,
        "sees_team": viewer.role in DECIDERS,
        "wanted": ACCOUNTS,
        **_prep(request, found),
    }
    return show(request, "nextplay/pages/week.html", context, shell=shell_of(request, "week"))


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Show the cadence of everyone's plays."""
    found = show_team_week(installation(), viewer_of(request), now=moment())
    lines = [found.everyone, *found.owners]
    context = {
        "team": found,
        "month": f"{Month.parse(found.month).first:%B}",
        "rows": [(one, [kept / due for kept, due in one.trend if due]) for one in lines],
        "lead": _team_lead(found.everyone),
    }
    return show(request, "nextplay/pages/team.html", context, shell=shell_of(request, "week"))


def _prep(request: HttpRequest, found: MyWeek) -> dict[str, object]:
    """The preparation of the session that comes first."""
    if found.session is None:
        return {}
    play = show_play(installation(), viewer_of(request), found.session.step.decision_id, now=moment())
    return {"play": play, "record": play.decision, **prep_of(play)}


def _lead(found: MyWeek) -> str:
    steps = figures.many(found.due, "step") if found.due else "No step"
    late = f", {len(found.late)} late" if found.late else ""
    plays = f" {figures.many(found.partners_in_play, 'partner')} in play." if found.partners_in_play else ""
    waits = f" {figures.many(len(found.waiting), 'decision')} to take." if found.waiting else ""
    day = f"{found.monday.day} {found.monday:%B}"
    return f"{steps} due in the week of {day}{late}.{plays}{waits}"


def _team_lead(team: OwnerCadence) -> str:
    if not team.running and not team.committed:
        return "Nothing is committed yet. Decide in Focus this month, and the steps appear here."
    overdue = f"{figures.many(team.overdue, 'step')} overdue" if team.overdue else "no step overdue"
    return f"{figures.many(team.running, 'play')} running, {overdue}, {figures.many(team.done, 'step')} done this week."
