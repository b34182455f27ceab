"""My week: what is late, what is due today and on which day, across all plays of one owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from nextplay.ledger import play_queries, queries
from nextplay.ledger.records import DecisionRecord, PromiseRecord, StepRecord
from nextplay.operations.installation import Installation
from nextplay.operations.named_plays import label_of
from nextplay.operations.plays.play_accounts import Outputs, outputs_of
from nextplay.operations.plays.show_play import names_of, shown_step
from nextplay.operations.program_day import program_day, program_zone
from nextplay.operations.record.cycles import latest_month
from nextplay.operations.viewer import TEAM, NotForThisViewer, Role, Viewer, require
from nextplay.values.clock import begins, day_there, monday_of

DAYS = 7


@dataclass(frozen=True)
class WeekStep:
    """A step of the week with what it belongs to. `slip`: what is late or silent about it."""

    step: StepRecord
    partner_name: str
    play_label: str
    slip: str

    @property
    def session(self) -> bool:
        """Whether it is prepared as a working session."""
        return self.step.form == "session"


@dataclass(frozen=True)
class Waiting:
    """A proposed decision of the owner: what would be due, were it committed."""

    decision_id: str
    partner_id: str
    partner_name: str
    play_label: str
    step: str
    due: date


@dataclass(frozen=True)
class MyWeek:
    """One owner's week. `late` is told in the week that holds today only."""

    owner: str
    owner_name: str
    monday: date
    today: date
    late: tuple[WeekStep, ...]
    days: tuple[tuple[date, tuple[WeekStep, ...]], ...]
    # What is due in the week after; told in the week that holds today only.
    ahead: tuple[WeekStep, ...]
    done: tuple[WeekStep, ...]
    # What we promised, with the name of the partner.
    promises: tuple[tuple[PromiseRecord, str], ...]
    waiting: tuple[Waiting, ...]
    partners_in_play: int

    @property
    def due(self) -> int:
        """Steps that wait to be logged."""
        return len(self.late) + sum(len(steps) for _, steps in self.days)

    @property
    def session(self) -> WeekStep | None:
        """The first session that is to be prepared: of the week, else of the one after."""
        open_ones = [*self.late, *(one for _, steps in self.days for one in steps), *self.ahead]
        return next((one for one in open_ones if one.session), None)

    @property
    def this_week(self) -> bool:
        """Whether today lies in it."""
        return self.monday == monday_of(self.today)


def show_week(
    installation: Installation, viewer: Viewer, *, owner: str | None = None, week_of: date | None = None, now: datetime
) -> MyWeek:
    """The week that holds a day, of the viewer or, for admins and viewers, of somebody else. Raises NotForThisViewer."""
    require(viewer, *TEAM)
    whose = (owner or viewer.email).lower()
    if whose != viewer.email.lower() and viewer.role is Role.MANAGER:
        raise NotForThisViewer
    today = program_day(installation, now)
    monday = monday_of(week_of or today)
    last = monday + timedelta(days=DAYS - 1)
    # What is open may be late from long ago; what is done belongs to the week it was done in.
    this_week = monday == monday_of(today)
    until = last + timedelta(days=DAYS) if this_week else last
    open_steps = play_queries.steps(owner=whose, state="open", due_until=until)
    done = _done_in(installation, whose, monday)
    promises = play_queries.promises(by="us", state="open", due_until=last)
    own = {one.decision_id for one in queries.decisions(owner=whose, status="committed")}
    mine = [one for one in promises if one.decision_id in own]
    waiting = _proposed(installation, whose) if this_week else []
    about = [one.partner_id for one in (*open_steps, *done)]
    about += [one.partner_id for one in mine] + [one.partner_id for one in waiting]
    names = names_of(installation, about)
    shown = _shown(installation, open_steps, names, today)
    late = tuple(one for one in shown if one.step.due < today) if this_week else ()
    days = [one for one in shown if max(monday, today if this_week else monday) <= one.step.due <= last]
    return MyWeek(
        owner=whose,
        owner_name=installation.program.capacity.name_of(whose) if whose != viewer.email.lower() else viewer.name or whose,
        monday=monday,
        today=today,
        late=late,
        days=tuple((day, tuple(held)) for day, held in groupby(days, key=lambda one: one.step.due)),
        ahead=tuple(one for one in shown if one.step.due > last),
        done=tuple(_shown(installation, done, names, today)),
        promises=tuple((one, names.get(one.partner_id, one.partner_id)) for one in mine),
        waiting=tuple(_waiting(installation, one, names) for one in waiting),
        partners_in_play=len({one.partner_id for one in play_queries.steps(owner=whose, state="open")}),
    )


def _done_in(installation: Installation, owner: str, monday: date) -> list[StepRecord]:
    where = program_zone(installation)
    steps = play_queries.steps(owner=owner, done_since=begins(monday, where))
    last = monday + timedelta(days=DAYS)
    return [one for one in steps if one.done_at is not None and day_there(one.done_at, where) < last]


def _proposed(installation: Installation, owner: str) -> list[DecisionRecord]:
    """What waits in the list as *Focus this month* shows it; proposals of an earlier one are nobody's to take any more."""
    month = latest_month(installation.home)
    return queries.decisions(cycle=month, owner=owner, status="proposed") if month else []


def _waiting(installation: Installation, one: DecisionRecord, names: dict[str, str]) -> Waiting:
    name = names.get(one.partner_id, one.partner_id)
    return Waiting(one.decision_id, one.partner_id, name, label_of(installation, one.play), one.step, one.due)


def _shown(installation: Installation, steps: Sequence[StepRecord], names: dict[str, str], today: date) -> list[WeekStep]:
    """By day due, then partner."""
    ordered = sorted(steps, key=lambda one: (one.due, names.get(one.partner_id, ""), one.number))
    promises = play_queries.promises(state="open", by="partner")
    outputs: dict[str, Outputs] = {
        one.decision_id: outputs_of(one.decision_id) for one in ordered if one.form == "outreach" and one.state == "open"
    }
    return [
        WeekStep(
            step=one,
            partner_name=names.get(one.partner_id, one.partner_id),
            play_label=label_of(installation, one.play),
            slip=shown_step(
                one,
                [promise for promise in promises if promise.decision_id == one.decision_id],
                outputs.get(one.decision_id, Outputs()),
                today,
            ).slip,
        )
        for one in ordered
    ]
