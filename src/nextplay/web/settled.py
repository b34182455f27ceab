"""What an address asks for, made to fit what there is: what does not fit is said, never an error."""

from dataclasses import replace
from datetime import date

from nextplay.intelligence.tiles import FilterChoice
from nextplay.operations.dashboards.behind_figure import Filter
from nextplay.operations.installation import Installation
from nextplay.program.definition import Program
from nextplay.web import figures
from nextplay.web.asked import View

SAID = {"period": "The address asks for a period that is not offered.", "as_of": "The address asks for a day that is none."}


def settled(asked: View, installation: Installation, today: date) -> tuple[View, tuple[str, ...]]:
    """The view that is shown, and a sentence for each part of the address that could not be followed."""
    day, of_day = _day(asked.as_of, installation, today)
    of_definitions = _unknown_definitions(asked, installation.program)
    notices = (*(SAID[name] for name in asked.misread), *of_day, *of_definitions.values())
    shown = replace(
        asked,
        as_of=day,
        active=None if "active" in of_definitions else asked.active,
        sourced=None if "sourced" in of_definitions else asked.sourced,
    )
    return shown, notices


def nobody_there(asked: View, segments: tuple[FilterChoice, ...], tiers: tuple[FilterChoice, ...]) -> tuple[str, ...]:
    """A sentence where the segment or tier asked for holds nobody."""
    if asked.segment and asked.segment not in {one.value for one in segments}:
        return (f"No partner is in a segment called “{asked.segment}”.",)
    if asked.tier and asked.tier not in {one.value for one in tiers}:
        return (f"No partner in {asked.segment} is in a tier called “{asked.tier}”.",)
    return ()


def filter_of(asked: View) -> Filter:
    """The same for operations."""
    return Filter(asked.segment, asked.tier, asked.as_of, asked.period_days, asked.active, asked.sourced)


def first_day(installation: Installation) -> date | None:
    """The first day one can look back to."""
    return installation.span.first_happened


def _day(asked: date | None, installation: Installation, today: date) -> tuple[date | None, tuple[str, ...]]:
    first = first_day(installation)
    if asked is None or first is None:
        return None, ()
    if asked > today:
        return None, (f"{figures.short_day(asked)} has not come yet: this is today.",)
    if asked < first:
        return first, (f"The facts begin on {figures.short_day(first)}: this is that day.",)
    return asked, ()


def _unknown_definitions(asked: View, program: Program) -> dict[str, str]:
    known = {
        "active": {one.name for one in program.definitions.active},
        "sourced": {one.name for one in program.definitions.sourced},
    }
    named = {"active": asked.active, "sourced": asked.sourced}
    return {
        name: f"The program has no definition of {name} called “{value}”: its first is used."
        for name, value in named.items()
        if value is not None and value not in known[name]
    }
