"""Verbs that only read, behind plain values: they too must reach the process that owns the facts.

Each imports what it needs when it is asked for: the command line runs one of them and ends.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nextplay.operations.background.errand import Errand
from nextplay.operations.viewer import OPERATOR, NotForThisViewer


class UnknownPartner(LookupError):
    """The facts know no such partner."""

    @classmethod
    def named(cls, partner_id: object) -> "UnknownPartner":
        """With the sentence that says how to find the one that is meant."""
        return cls(f"There is no partner {partner_id!r}. nextplay partners --search finds one by name.")


def _plain(shape: Any, found: object) -> dict[str, Any]:
    """A frozen answer as plain values; `shape` is its class."""
    from pydantic import TypeAdapter

    shown: dict[str, Any] = TypeAdapter(shape).dump_python(found, mode="json")
    return shown


def _doctor(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.admin.doctor import doctor

    return doctor(errand.installation, now=errand.now).as_json()


def _show_executive(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.dashboards import show_executive
    from nextplay.operations.dashboards.decisions_kept import settled_decisions

    # No days at all is how plain arguments say: over all time.
    named = {**errand.arguments, "as_of": errand.day(), "period_days": errand.arguments.get("period_days", 90) or None}
    decided = settled_decisions()
    return show_executive.as_json(
        show_executive.show_executive(errand.installation, OPERATOR, now=errand.now, summary=True, settled=decided, **named)
    )


def _show_lifecycle(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.dashboards import show_lifecycle

    named = {**errand.arguments, "as_of": errand.day()}
    return show_lifecycle.as_json(show_lifecycle.show_lifecycle(errand.installation, OPERATOR, now=errand.now, **named))


def _preview_import(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.data.preview_import import ImportPreview, preview_import

    paths = [Path(path) for path in errand.arguments["paths"]]
    found = preview_import(errand.installation, paths, now=errand.now, table=errand.arguments.get("table"))
    return _plain(ImportPreview, found)


def _forecast_import(errand: Errand) -> dict[str, Any]:
    from nextplay.facts.intake.columns import ColumnMapping
    from nextplay.operations.data.forecast_import import ImportForecast, forecast_import

    asked, mappings = errand.arguments, errand.arguments.get("mappings")
    found = forecast_import(
        errand.installation,
        [Path(path) for path in asked["paths"]],
        now=errand.now,
        table=asked.get("table"),
        replace=bool(asked.get("replace")),
        observed_at=errand.moment("observed_at"),
        mappings={key: ColumnMapping(**value) for key, value in mappings.items()} if mappings else None,
        progress=errand.progress,
    )
    return _plain(ImportForecast, found)


def _list_partners(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.partners.list_partners import PartnerPage, list_partners

    return _plain(PartnerPage, list_partners(errand.installation, OPERATOR, now=errand.now, **errand.arguments))


def _show_partner(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.partners.show_partner import PartnerProfile, show_partner

    partner_id = errand.arguments["partner_id"]
    try:
        profile = show_partner(errand.installation, OPERATOR, partner_id, now=errand.now)
    except NotForThisViewer as error:
        raise UnknownPartner.named(partner_id) from error
    return _plain(PartnerProfile, profile)


def _show_signals(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.partners.show_signals import show_signal_rows, show_signals

    partner_id, signal = errand.arguments["partner_id"], errand.arguments.get("signal")
    asked = (errand.installation, OPERATOR, partner_id)
    try:
        if signal:
            return show_signal_rows(*asked, signal, now=errand.now, as_of=errand.day()).as_json()
        return show_signals(*asked, now=errand.now, as_of=errand.day()).as_json()
    except NotForThisViewer as error:
        raise UnknownPartner.named(partner_id) from error


def _show_learning(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.learning.show_learning import show_learning

    return show_learning(errand.installation, OPERATOR, now=errand.now).as_json()


def _show_week(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.plays.show_week import MyWeek, show_week

    named = {"owner": errand.arguments["owner"], "week_of": errand.day("week_of")}
    return _plain(MyWeek, show_week(errand.installation, OPERATOR, now=errand.now, **named))


def _show_team_week(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.plays.show_team_week import TeamWeek, show_team_week

    return _plain(TeamWeek, show_team_week(errand.installation, OPERATOR, now=errand.now))


def _show_outcomes(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.plays.show_outcomes import OutcomeLine, show_outcomes

    found = show_outcomes(errand.installation, OPERATOR, result=errand.arguments.get("result"))
    return {"outcomes": _plain(tuple[OutcomeLine, ...], found)}


def _replay(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.deciding.replay import read_tried, replay
    from nextplay.program.load import load_program
    from nextplay.values.period import Month

    asked = errand.arguments
    first, last = Month.parse(asked["first"]), Month.parse(asked["last"])
    # From the command line a file, from the page its text.
    tried = read_tried(asked["text"]) if "text" in asked else load_program(Path(asked["program"]))
    found = replay(errand.installation, OPERATOR, tried, first, last, now=errand.now, progress=errand.progress)
    return found.as_json()


def _preview_program(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.admin.put_program import preview_program

    text = errand.arguments["text"]
    return preview_program(errand.installation, OPERATOR, text, now=errand.now, progress=errand.progress).as_json()


def _knows_partner(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.people import knows_partner

    return {"known": knows_partner(errand.installation, errand.arguments["partner_id"])}


def _backup(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.admin.backup import backup

    return backup(errand.installation, Path(errand.arguments["output"]), now=errand.now, progress=errand.progress).as_json()


def _export_rows(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.dashboards.export_rows import export_rows
    from nextplay.values.period import utc_day

    target = Path(errand.arguments["output"])
    rows = export_rows(
        errand.installation,
        OPERATOR,
        table=errand.arguments["table"],
        as_of=errand.day() or utc_day(errand.now),
        segment=errand.arguments.get("segment"),
        tier=errand.arguments.get("tier"),
        kind="xlsx" if target.suffix.lower() == ".xlsx" else "csv",
    )
    # There whole or not at all.
    unfinished = target.with_name(f".{target.name}.unfinished")
    with unfinished.open("wb") as file:
        for chunk in rows:
            errand.progress(0.5, f"Writing {target.name}")
            file.write(chunk)
    unfinished.replace(target)
    return {"table": errand.arguments["table"], "file": str(target), "bytes": target.stat().st_size}


def _board_pack(errand: Errand) -> dict[str, Any]:
    from nextplay.operations.dashboards.behind_figure import Filter
    from nextplay.operations.dashboards.board_pack import PACK_KINDS, board_pack, printed

    asked = {**errand.arguments, "as_of": errand.day()}
    target, view = Path(asked.pop("output")), asked.pop("view")
    narrowed = Filter(**{**asked, "period_days": asked.get("period_days", 90) or None})
    pack = board_pack(errand.installation, OPERATOR, view, narrowed, now=errand.now)
    target.write_bytes(printed(pack, PACK_KINDS[target.suffix]))
    return {"view": view, "file": str(target), "bytes": target.stat().st_size}


READING_VERBS: dict[str, Callable[[Errand], dict[str, Any]]] = {
    "doctor": _doctor,
    "show_executive": _show_executive,
    "show_lifecycle": _show_lifecycle,
    "preview_import": _preview_import,
    "forecast_import": _forecast_import,
    "list_partners": _list_partners,
    "show_partner": _show_partner,
    "show_signals": _show_signals,
    "show_learning": _show_learning,
    "show_week": _show_week,
    "show_team_week": _show_team_week,
    "show_outcomes": _show_outcomes,
    "replay": _replay,
    "preview_program": _preview_program,
    "knows_partner": _knows_partner,
    "export_rows": _export_rows,
    "board_pack": _board_pack,
    "backup": _backup,
}
