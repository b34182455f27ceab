"""Put a program file in force from the settings: checked, previewed, the old one kept and restorable."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from nextplay.facts.scope import Reach
from nextplay.home import Home
from nextplay.ledger import program_files as ledger
from nextplay.ledger.records import ProgramFileRecord
from nextplay.operations.admin.show_program import problems_of
from nextplay.operations.deciding.decide import cycle_on
from nextplay.operations.installation import Installation
from nextplay.operations.program_file import SOURCE, put_in_force
from nextplay.operations.record.close_outcomes import outcomes_on
from nextplay.operations.record.history import past_of
from nextplay.operations.viewer import NotForThisViewer, Role, Viewer, require
from nextplay.program.load import default_text, read_program, refuse
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress, silent

# So many differing values are named; a new file may differ in all.
_MOST_CHANGES = 200


@dataclass(frozen=True)
class Difference:
    """One value that the other file changes: its place in the program, what it is, and what it would be."""

    place: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Mover:
    """A partner that would come onto this month's list, or leave it."""

    partner_id: str
    name: str
    move: str
    play: str
    owner: str


@dataclass(frozen=True)
class ProgramPreview:
    """What a file would change: values, and this month's list. Nothing was put in force."""

    in_force: str
    tried: str
    changes: tuple[Difference, ...]
    more_changes: int
    cycle: str
    before: int
    after: int
    moved: tuple[Mover, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def program_text(home: Home) -> str:
    """The text of the file in force; the shipped one where there is none."""
    return home.program_file.read_text(encoding="utf-8") if home.program_file.exists() else default_text()


def require_usable(text: str) -> None:
    """Raise ProgramError with every problem of a file, each with its line and what is accepted."""
    refuse(problems_of(read_program(text, SOURCE)), SOURCE)


def preview_program(
    installation: Installation, viewer: Viewer, text: str, *, now: datetime, progress: Progress = silent
) -> ProgramPreview:
    """What the file would change, values and this month's list, under what the ledger holds now. Writes nothing.

    Raises NotForThisViewer, ProgramError.
    """
    require(viewer, Role.ADMIN)
    require_usable(text)
    tried = read_program(text, SOURCE)
    changes = _changes(installation.program.model_dump(mode="json"), tried.model_dump(mode="json"))
    day = installation.reference_day(utc_day(now))
    history = past_of(day, outcomes_on(installation, day), today=utc_day(now))
    progress(0.1, "Deciding under the program in force")
    kept = cycle_on(installation, day, history)
    progress(0.5, "Deciding under the other one")
    other = cycle_on(installation.under(tried), day, history)
    was, becomes = ({one.partner_id: one for one in cycle.focus} for cycle in (kept, other))
    moving = [("enters", becomes[one]) for one in becomes.keys() - was] + [("leaves", was[one]) for one in was.keys() - becomes]
    names = _names(installation, [one.partner_id for _, one in moving])
    moved = [
        Mover(one.partner_id, names.get(one.partner_id, one.partner_id), move, one.play, one.owner) for move, one in moving
    ]
    progress(1.0, "Previewed")
    return ProgramPreview(
        in_force=installation.program.version,
        tried=tried.version,
        changes=tuple(changes[:_MOST_CHANGES]),
        more_changes=max(len(changes) - _MOST_CHANGES, 0),
        cycle=kept.cycle,
        before=len(was),
        after=len(becomes),
        moved=tuple(sorted(moved, key=lambda one: (one.move, one.name, one.partner_id))),
    )


def put_program(home: Home, viewer: Viewer, text: str, *, based_on: str, why: str = "", now: datetime) -> str:
    """Put a file in force and answer its version; `based_on` is the version its author saw in force.

    The old file is kept in the ledger, the new one appears whole or not at all. Raises NotForThisViewer, ProgramError, and
    ChangedMeanwhile where another program came into force since.
    """
    require(viewer, Role.ADMIN)
    require_usable(text)
    return put_in_force(home, text, based_on=based_on, actor=viewer.email, now=now, why=why)


def past_programs(viewer: Viewer) -> list[ProgramFileRecord]:
    """Files that were in force, the newest first. Raises NotForThisViewer."""
    require(viewer, Role.ADMIN)
    return ledger.program_files()


def past_program(viewer: Viewer, file_id: int) -> ProgramFileRecord:
    """One of them. Raises NotForThisViewer, also where there is no such file."""
    require(viewer, Role.ADMIN)
    found = ledger.program_file(file_id)
    if found is None:
        raise NotForThisViewer
    return found


def _changes(was: Any, becomes: Any, place: str = "") -> list[Difference]:
    """Differing values, by place; a list that has another length is one value."""
    if isinstance(was, dict) and isinstance(becomes, dict):
        keys = [*was, *(key for key in becomes if key not in was)]
        return [one for key in keys for one in _changes(was.get(key), becomes.get(key), f"{place}.{key}" if place else key)]
    if isinstance(was, list) and isinstance(becomes, list) and len(was) == len(becomes):
        return [
            one for at, pair in enumerate(zip(was, becomes, strict=True)) for one in _changes(*pair, _item(place, at, pair[1]))
        ]
    return [] if was == becomes else [Difference(place, _said(was), _said(becomes))]


def _item(place: str, at: int, value: Any) -> str:
    """An item by what it is called, where it is called anything."""
    named = (
        next((value[key] for key in ("name", "email", "metric", "signal") if key in value), None)
        if isinstance(value, dict)
        else None
    )
    return f"{place}[{named or at + 1}]"


def _said(value: Any) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, list):
        return f"{len(value)} entries" if value and isinstance(value[0], dict) else ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(one)}" for name, one in value.items()) or "none"
    return str(value)


def _names(installation: Installation, ids: list[str]) -> dict[str, str]:
    if not ids or installation.span.newest is None:
        return {}
    partners = installation.facts(installation.span.newest, Reach()).partners
    named = partners.filter(partners.partner_id.isin(sorted(ids))).select("partner_id", "name")
    return {partner: name for partner, name in installation.warehouse.read(named).iter_rows() if name}
