"""A scorecard on paper: one page of A4 that is as good in black and white, or a sheet."""

import json
from datetime import date
from importlib.resources import files
from io import BytesIO
from typing import Literal

import typst
import xlsxwriter

from nextplay.operations.dashboards.export_rows import neutral
from nextplay.operations.dashboards.pack_parts import settable
from nextplay.operations.portal.scorecard import Card, CardPromise
from nextplay.operations.portal.scorecard_parts import VERDICTS, CardDecision, CardScore, CardStep
from nextplay.traits.scorecard import Line, Unit

CardKind = Literal["pdf", "xlsx"]
Row = tuple[str | float | None, ...]
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
_LONGEST_SEEN, _LONGEST_TEXT, _LONGEST_NAME = 64, 64, 36
# Lines to write on: of promises in all, filled or not.
_PROMISE_LINES = 4
_HEADS = ("Line", "Value", "Unit", "Target", "Red flag", "What we saw", "Evidence", "As of", "Verdict")
_PROMISED = ("Who", "Does what", "By", "State")
_SCORED = ("The 4C", "Score")
_DECIDED = ("Decision", "State", "Because", "Counts as progress", "By")
_STEPPED = ("Play", "Week", "Step", "Turn", "By", "State")
_LONGEST_BECAUSE = 150


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
    source = files("nextplay.operations.portal").joinpath("scorecard.typ").read_bytes()
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
        **_beside(card),
        "promises": [_promised(one) for one in card.promises],
        "empty": max(_PROMISE_LINES - len(card.promises), 1),
        "note": note,
    }
    made = typst.compile(source, format="pdf", sys_inputs={"card": json.dumps(settable(told))})
    if not isinstance(made, bytes):
        raise TypeError(f"a scorecard of one page came as {type(made).__name__}")
    return made


def _beside(card: Card) -> dict[str, object]:
    """The four scores, the decision and the weeks of the play, as the page of paper draws them."""
    decided, play = card.decision, card.play
    return {
        "scores": [{"label": one.label, "score": one.score} for one in card.scores],
        "verdicts": [[label, decided is not None and decided.verdict == name] for name, label in VERDICTS.items()],
        "decided": decided.state if decided else "",
        "because": _cut(decided.because, _LONGEST_BECAUSE) if decided else "",
        "progress": _cut(_progress(decided), _LONGEST_TEXT) if decided else "",
        "play": _cut(play.label, _LONGEST_NAME) if play else "",
        "weeks": [
            {"number": week.number, "steps": [[_cut(one.name, _LONGEST_TEXT), one.state, _day(one.due)] for one in week.steps]}
            for week in (play.weeks if play else ())
        ],
    }


def _progress(decided: CardDecision) -> str:
    return f"{decided.outcome}, by {_day(decided.by)}" if decided.by else decided.outcome


def _promised(one: CardPromise) -> list[str]:
    return [_cut(one.who, _LONGEST_NAME // 2), _cut(one.text, _LONGEST_TEXT), _day(one.due), one.state]


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
        heads = (_HEADS, _SCORED, _DECIDED, _STEPPED, _PROMISED)
        for at, row in enumerate(card_rows(card, note)):
            page.write_row(at, 0, [neutral(cell) for cell in row], bold if row in heads else None)
    return held.getvalue()


def card_rows(card: Card, note: str) -> list[Row]:
    """Everything the card says, row by row, as its sheet holds it."""
    head = [("Activation Scorecard", card.name), ("Program", card.program), ("Partner manager", card.manager)]
    head += [("Lead seller", card.lead_seller), ("Version", note)]
    promises = [(one.who, one.text, one.due.isoformat(), one.state) for one in card.promises]
    blocks: list[tuple[Row, list[Row]]] = [(_HEADS, [_row(line, card) for line in card.lines])]
    if card.scores:
        blocks.append((_SCORED, [_score_row(one, card) for one in card.scores]))
    if card.play:
        blocks.append((_DECIDED, [_decision_row(card.decision)] if card.decision else []))
        steps = [(week.number, one) for week in card.play.weeks for one in week.steps]
        blocks.append((_STEPPED, [_step_row(card.play.label, number, one) for number, one in steps]))
    blocks.append((_PROMISED, [*promises]))
    return [*head, *(row for heads, rows in blocks for row in ((), heads, *rows))]


def card_text(card: Card, note: str) -> str:
    """The card as text for a mail or a note: a line a row, without evidence ids."""
    head = f"Activation Scorecard, {card.name}, as of {_day(card.as_of)}. {note}"
    lines = [f"{line.label}: {_valued(line)}, target {mark_said(line, line.target)}, {line.verdict}" for line in card.lines]
    scores = [f"{one.label}: {'unknown' if one.score is None else one.score}" for one in card.scores]
    decided = card.decision
    told = [f"{VERDICTS.get(decided.verdict, decided.verdict)} ({decided.state}): {decided.because}"] if decided else []
    steps = [
        f"Week {week.number}: {one.name}{f', by {_day(one.due)}' if one.due else ''}, {one.state}"
        for week in (card.play.weeks if card.play else ())
        for one in week.steps
    ]
    promised = [f"{one.who}: {one.text}, by {_day(one.due)}, {one.state}" for one in card.promises]
    blocks = (
        [head],
        lines,
        ["The 4C, 0 to 100", *scores] if scores else [],
        ["Decision", *told] if told else [],
        [card.play.label, *steps] if card.play else [],
        ["What we commit to", *promised] if promised else [],
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _valued(line: Line) -> str:
    return value_said(line.value, line.unit) or "unknown"


def _score_row(one: CardScore, card: Card) -> Row:
    unknown = "unknown" if card.partner_id else None
    return (one.label, unknown if one.score is None else one.score)


def _decision_row(one: CardDecision) -> Row:
    by = one.by.isoformat() if one.by else None
    return (VERDICTS.get(one.verdict, one.verdict), one.state, one.because, one.outcome or None, by)


def _step_row(play: str, week: int, one: CardStep) -> Row:
    due = one.due.isoformat() if one.due else None
    return (play, week, one.name, "ours" if one.turn == "us" else "the partner's", due, one.state)


def _row(line: Line, card: Card) -> Row:
    blank = not card.partner_id
    proof = "; ".join(f"{row.row_id}{f' {row.on.isoformat()}' if row.on else ''}" for row in line.rows) or ", ".join(
        line.signals
    )
    as_of = card.as_of.isoformat() if card.as_of else None
    verdict = None if blank else line.verdict
    return (line.label, line.value, line.unit, line.target, line.floor, line.seen, proof, as_of, verdict)
