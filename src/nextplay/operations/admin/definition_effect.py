"""What switching a definition does: the figure that rests on it, before and after."""

from dataclasses import dataclass, replace
from datetime import datetime

from nextplay.intelligence.behind import WHOLE, behind_metric
from nextplay.intelligence.tiles import Unit
from nextplay.operations.dashboards.behind_figure import Filter, summed
from nextplay.operations.dashboards.dashboard_tallies import Asked, basis_of
from nextplay.operations.definitions_in_force import terms_of
from nextplay.operations.installation import Installation
from nextplay.operations.remembered import Remembered
from nextplay.operations.viewer import TEAM, Viewer, reach_of, require
from nextplay.values.period import utc_day

# Which card shows what a definition counts.
SHOWN_BY = {"active": "active_partners", "sourced": "new_pipeline"}


@dataclass(frozen=True)
class Effect:
    """A switched definition: what it was, what it is, and what that does to its figure."""

    word: str
    was: str
    now: str
    before: float
    after: float
    unit: Unit


_ANSWERS: Remembered[Effect] = Remembered(most=64)


def definition_effects(installation: Installation, viewer: Viewer, narrowed: Filter, *, now: datetime) -> tuple[Effect, ...]:
    """One effect for each definition that is not the program's first. Raises NotForThisViewer, UnknownDefinition."""
    require(viewer, *TEAM)
    effects = (_effect(installation, viewer, word, narrowed, now) for word in SHOWN_BY)
    return tuple(effect for effect in effects if effect is not None)


def _effect(installation: Installation, viewer: Viewer, word: str, narrowed: Filter, now: datetime) -> Effect | None:
    known = getattr(installation.program.definitions, word)
    chosen = next((one for one in known if one.name == getattr(narrowed, word)), None)
    if chosen is None or chosen == known[0]:
        return None

    def work_out() -> Effect:
        before, _ = _figure(installation, viewer, SHOWN_BY[word], replace(narrowed, **{word: None}), now)
        after, unit = _figure(installation, viewer, SHOWN_BY[word], narrowed, now)
        return Effect(word, known[0].label, chosen.label, before, after, unit)

    day, reach = installation.reference_day(utc_day(now)), reach_of(viewer, installation.program)
    version = installation.warehouse.version().facts
    return _ANSWERS.get((installation.warehouse, version, installation.program.version, day, reach, word, narrowed), work_out)


def _figure(installation: Installation, viewer: Viewer, metric: str, narrowed: Filter, now: datetime) -> tuple[float, Unit]:
    program = installation.program
    terms = terms_of(program, active=narrowed.active, sourced=narrowed.sourced)
    day = narrowed.as_of or installation.reference_day(utc_day(now))
    asked = Asked(day, narrowed.period_days, terms)
    reach = reach_of(viewer, program)
    behind = behind_metric(metric, basis_of(installation.standing, asked, reach, narrowed.segment, narrowed.tier), WHOLE)
    return summed(installation, behind).value or 0.0, behind.unit
