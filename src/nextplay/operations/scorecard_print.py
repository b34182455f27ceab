"""A scorecard on paper: one page of A4 that is as good in black and white, or a sheet."""

import json
from datetime import date
from importlib.resources import files
from io import BytesIO
from typing import Literal

import typst
import xlsxwriter

from nextplay.operations.export_rows import neutral
from nextplay.operations.pack_parts import settable
from nextplay.operations.scorecard import Card, CardPromise
from nextplay.traits.scorecard import Line, Unit

CardKind = Literal["pdf", "xlsx"]
# By the ending of a file.
CARD_KINDS: dict[str, CardKind] = {".pdf": "pdf", ".xlsx": "xlsx"}
CARD_MEDIA_TYPE = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A sign beside each word: on paper without color they must not look alike.
SIGNS = {"on target": "●", "on the way": "◐", "red flag": "○", "unknown": "?"}
PARTS = (("trait", "Traits that separate enabled from productive"), ("activation", "Activation"))
# As long as fits beside the other columns on one page.
_LONGEST_SEEN, _LONGEST_TEXT, _LONGEST_NAME = 90, 80, 40
# Lines to write on: of promises in all, filled or not.
_PROMISE_LINES = 4
_HEADS = ("Line", "Value", "Unit", "Target", "Red flag", "What we saw", "Evidence", "As of", "Verdict")
_PROMISED = ("Who", "Does what", "By", "State")


def value_said(value: float | None, unit: Unit) -> str:
    """A value, target or floor as a person reads it; nothing where it is not known."""
    if value is None:
        return ""
    match unit:
        case "share":
            return f"{value:.0%}"
        case "days":
            return f"{value:.0f} {'day' if round(value) == 1 else 'days'}"
        case _:
            return f"{value:.0f}"


def mark_said(line: Line, mark: float) -> str:
    """A target or a floor with the side it holds on."""
    up = line.target > line.floor
    sign = ("≥" if up else "≤") if mark == line.target else ("≤" if up else "≥")
    return f"{sign} {value_said(mark, line.unit)}"


def printed_card(card: Card, kind: CardKind, *, note: str = "") -> bytes:
    """The card as a file. `note` says which version it is. Text goes in as data: no name is read as markup or formula."""
    return _sheet(card, note) if kind == "xlsx" else _page(card, note)


def _page(card: Card, note: str) -> bytes:
    source = files("nextplay.operations").joinpath("scorecard.typ").read_bytes()
    blank = not card.partner_id
    told = {
        "name": _cut(card.name, _LONGEST_NAME),
        "about": _cut(card.about, _LONGEST_TEXT),
        "blank": blank,
        "program": _cut(card.program, _LONGEST_NAME),
        "head": [
            ["Date", _day(card.as_of)],
            ["Partner manager", _cut(card.manager, _LONGEST_NAME // 2)],
            ["Lead seller", _cut(card.lead_seller, _LONGEST_NAME // 2)],
            ["Enabled", _day(card.enabled)],
        ],
        "parts": [
            {"title": title, "lines": [_cells(line, blank) for line in card.lines if line.part == part]}
            for part, title in PARTS
        ],
        "promises": [_promised(one) for one in card.promises],
        "empty": max(_PROMISE_LINES - len(card.promises), 1),
        "note": note,
    }
    made = typst.compile(source, format="pdf", sys_inputs={"card": json.dumps(settable(told))})
    if not isinstance(made, bytes):
        raise TypeError(f"a scorecard of one page came as {type(made).__name__}")
    return made


def _promised(one: CardPromise) -> list[str]:
    return [_cut(one.who, _LONGEST_NAME // 2), _cut(one.text, _LONGEST_TEXT), _day(one.due), one.state]


def _part(card: Card, part: str, title: str) -> dict[str, object]:
    shown = [_cells(line, not card.partner_id) for line in card.lines if line.part == part]
    return {"title": title, "lines": shown}


def _cells(line: Line, blank: bool) -> list[str]:
    verdict = "" if blank else f"{SIGNS[line.verdict]} {line.verdict}"
    value = "" if blank else value_said(line.value, line.unit) or "unknown"
    return [
        line.label,
        _cut(line.seen, _LONGEST_SEEN),
        value,
        mark_said(line, line.target),
        mark_said(line, line.floor),
        verdict,
    ]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def _sheet(card: Card, note: str) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        page = book.add_worksheet("Activation Scorecard")
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 1)
        page.set_column(0, 0, 38)
        page.set_column(5, 6, 44)
        rows = _rows(card, note)
        for at, row in enumerate(rows):
            page.write_row(at, 0, [neutral(cell) for cell in row], bold if row in (_HEADS, _PROMISED) else None)
    return held.getvalue()


def _rows(card: Card, note: str) -> list[tuple[str | float | None, ...]]:
    """Everything the sheet says, row by row."""
    head = [("Activation Scorecard", card.name), ("Program", card.program), ("Partner manager", card.manager)]
    head += [("Lead seller", card.lead_seller), ("Version", note)]
    promises = [(one.who, one.text, one.due.isoformat(), one.state) for one in card.promises]
    return [*head, (), _HEADS, *(_row(line, card) for line in card.lines), (), _PROMISED, *promises]


def _row(line: Line, card: Card) -> tuple[str | float | None, ...]:
    blank = not card.partner_id
    proof = "; ".join(f"{row.row_id}{f' {row.on.isoformat()}' if row.on else ''}" for row in line.rows) or ", ".join(
        line.signals
    )
    as_of = card.as_of.isoformat() if card.as_of else None
    verdict = None if blank else line.verdict
    return (line.label, line.value, line.unit, line.target, line.floor, line.seen, proof, as_of, verdict)
