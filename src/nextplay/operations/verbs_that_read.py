"""Verbs that only read, behind plain values: they too must reach the process that owns the facts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from nextplay.operations import show_executive, show_lifecycle
from nextplay.operations.backup import backup
from nextplay.operations.doctor import doctor
from nextplay.operations.export_rows import export_rows
from nextplay.operations.installation import Installation
from nextplay.operations.list_partners import PartnerPage, list_partners
from nextplay.operations.people import knows_partner
from nextplay.operations.show_partner import PartnerProfile, show_partner
from nextplay.operations.viewer import OPERATOR, NotForThisViewer
from nextplay.values.period import utc_day
from nextplay.values.progress import Progress


class UnknownPartner(LookupError):
    """The facts know no such partner."""


_PAGE, _PROFILE = TypeAdapter(PartnerPage), TypeAdapter(PartnerProfile)


def _doctor(
    installation: Installation,
    arguments: Mapping[str, Any],  # noqa: ARG001
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    return doctor(installation, now=now).as_json()


def _show_executive(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    # No days at all is how plain arguments say: over all time.
    named = {**arguments, "as_of": _day(arguments), "period_days": arguments.get("period_days", 90) or None}
    return show_executive.as_json(show_executive.show_executive(installation, OPERATOR, now=now, summary=True, **named))


def _show_lifecycle(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    named = {**arguments, "as_of": _day(arguments)}
    return show_lifecycle.as_json(show_lifecycle.show_lifecycle(installation, OPERATOR, now=now, **named))


def _day(arguments: Mapping[str, Any]) -> date | None:
    asked = arguments.get("as_of")
    return date.fromisoformat(asked) if asked else None


def _list_partners(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    shown: dict[str, Any] = _PAGE.dump_python(list_partners(installation, OPERATOR, now=now, **arguments), mode="json")
    return shown


def _show_partner(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    partner_id = arguments["partner_id"]
    try:
        profile = show_partner(installation, OPERATOR, partner_id, now=now)
    except NotForThisViewer as error:
        raise UnknownPartner(f"There is no partner {partner_id!r}. nextplay partners --search finds one by name.") from error
    shown: dict[str, Any] = _PROFILE.dump_python(profile, mode="json")
    return shown


def _knows_partner(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
    progress: Progress,  # noqa: ARG001
) -> dict[str, Any]:
    return {"known": knows_partner(installation, arguments["partner_id"])}


def _backup(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    return backup(installation, Path(arguments["output"]), now=now, progress=progress).as_json()


def _export_rows(
    installation: Installation,
    arguments: Mapping[str, Any],
    *,
    actor: str,  # noqa: ARG001
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    target = Path(arguments["output"])
    rows = export_rows(
        installation,
        OPERATOR,
        table=arguments["table"],
        as_of=_day(arguments) or utc_day(now),
        segment=arguments.get("segment"),
        tier=arguments.get("tier"),
        kind="xlsx" if target.suffix == ".xlsx" else "csv",
    )
    # There whole or not at all.
    unfinished = target.with_name(f".{target.name}.unfinished")
    with unfinished.open("wb") as file:
        for chunk in rows:
            progress(0.5, f"Writing {target.name}")
            file.write(chunk)
    unfinished.replace(target)
    return {"table": arguments["table"], "file": str(target), "bytes": target.stat().st_size}


READING_VERBS: dict[str, Callable[..., dict[str, Any]]] = {
    "doctor": _doctor,
    "show_executive": _show_executive,
    "show_lifecycle": _show_lifecycle,
    "list_partners": _list_partners,
    "show_partner": _show_partner,
    "knows_partner": _knows_partner,
    "export_rows": _export_rows,
    "backup": _backup,
}
