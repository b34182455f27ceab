"""Charts as pictures that stand by themselves: for print, for slides, without script or style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import category, east_asian_width

from nextplay.intelligence.compared import FallRow
from nextplay.values.lines import curve_places, spark_places

WIDTH, LABELS, ROW, TALL_ROW, SIZE = 720, 210, 24, 34, 12
BAR, WITHIN, TRACK, INK, MUTED = "#4d78c4", "#bccdeb", "#eef0f1", "#15191b", "#464e52"
TONES = {"blue": "#4d78c4", "green": "#3c8f5d", "purple": "#8465b5", "orange": "#c77a22", "red": "#c0483f"}
CURVE_WIDTH, CURVE_HEIGHT = 400, 150
SPARK_WIDTH, SPARK_HEIGHT = 92, 30
# Widths of signs as parts of the type's size, on the safe side of the faces that we print in.
_NARROW, _WIDE_SIGNS = "ijltfrI.,:;'|!()[] ", "mwMW@%&…—"


@dataclass(frozen=True)
class DrawnBar:
    """A bar: its length and figure, an inner length where a part of it is told, and a mark to compare with."""

    label: str
    length: float
    figure: str
    inner: float | None = None
    mark: float | None = None
    detail: str = ""


def bars_svg(title: str, rows: Sequence[DrawnBar]) -> str:
    """Bars by label; the longest, or the farthest mark, is full."""
    longest = max((length for row in rows for length in (row.length, row.mark or 0.0)), default=0.0)
    tall = TALL_ROW if any(row.detail for row in rows) else ROW
    figures = min(max((_wide(row.figure) for row in rows), default=0.0) + 14, 230)
    drawn = (_bar(row, place * tall, tall, longest, WIDTH - LABELS - figures) for place, row in enumerate(rows))
    return _picture(title, WIDTH, max(len(rows), 1) * tall, "".join(drawn))


def fall_svg(title: str, rows: Sequence[FallRow]) -> str:
    """A waterfall: each bar begins where the one above it ended."""
    drawn = (_fall(row, place * TALL_ROW) for place, row in enumerate(rows))
    return _picture(title, WIDTH, len(rows) * TALL_ROW, "".join(drawn))


def curve_svg(title: str, curve: Sequence[tuple[float, float]]) -> str:
    """Shares of partners along, shares of revenue up, and a straight line where all would bring the same."""
    width, height = CURVE_WIDTH, CURVE_HEIGHT
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in curve_places(curve, width, height))
    drawn = (
        f'<polygon points="{points} {width},{height}" fill="{TRACK}"/>'
        f'<line x1="0" y1="{height}" x2="{width}" y2="0" stroke="{MUTED}" stroke-dasharray="4 4"/>'
        f'<path d="M0 0V{height}H{width}" fill="none" stroke="{MUTED}"/>'
        f'<polyline points="{points}" fill="none" stroke="{BAR}" stroke-width="2"/>'
        f"{_words(width + 16, 12, 'Up: their share of revenue', MUTED)}"
        f"{_words(width + 16, height - 6, 'Along: partners with revenue, largest first', MUTED)}"
        f"{_words(width + 16, height / 2 + 6, 'Dashed: all bring the same', MUTED)}"
    )
    return _picture(title, WIDTH, height + 2, drawn)


def spark_svg(points: Sequence[float]) -> str:
    """A small line through the points; nothing for fewer than two."""
    if len(points) < 2:
        return ""
    places = spark_places(points, SPARK_WIDTH, SPARK_HEIGHT)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    end = f'<circle cx="{places[-1][0]:.1f}" cy="{places[-1][1]:.1f}" r="2.6" fill="{BAR}"/>'
    drawn = f'<polyline points="{line}" fill="none" stroke="{BAR}" stroke-width="1.5"/>{end}'
    return _picture("Trend", SPARK_WIDTH, SPARK_HEIGHT, drawn)


def _bar(row: DrawnBar, top: float, tall: int, longest: float, room: float) -> str:
    def width(length: float) -> float:
        return max(min(length / longest, 1.0), 0.0) * room if longest > 0 else 0.0

    middle = top + tall / 2
    fills = [(room, TRACK), (width(row.length), BAR if row.inner is None else WITHIN)]
    fills += [(width(row.inner), BAR)] if row.inner is not None else []
    bars = "".join(_block(LABELS, middle - 6, length, color) for length, color in fills)
    if row.mark is not None:
        bars += _block(LABELS + max(width(row.mark) - 1, 0), middle - 8, 2, INK, tall=16)
    figure = _words(WIDTH, middle + 4, _short(row.figure, WIDTH - LABELS - room), INK, end=True)
    return f"{_label(row.label, row.detail, middle)}{bars}{figure}"


def _fall(row: FallRow, top: float) -> str:
    room, middle = WIDTH - LABELS - 110, top + TALL_ROW / 2
    low, width = min(row.start, row.end) * room, abs(row.end - row.start) * room
    color = TONES.get(row.tone, BAR if row.total else MUTED)
    drawn = _block(LABELS + low, middle - 8, max(width, 2), color, tall=16)
    if not row.last:
        at = LABELS + row.end * room
        drawn += f'<line x1="{at:.1f}" y1="{middle + 8}" x2="{at:.1f}" y2="{middle + TALL_ROW - 8}" stroke="{MUTED}"/>'
    return f"{_label(row.label, row.detail, middle)}{drawn}{_words(WIDTH, middle + 4, row.amount, INK, end=True)}"


def _label(label: str, detail: str, middle: float) -> str:
    room = LABELS - 12
    if not detail:
        return _words(0, middle + 4, _short(label, room), INK)
    small = _words(0, middle + 12, _short(detail, room * 1.2), MUTED, size=SIZE - 2)
    return _words(0, middle - 2, _short(label, room), INK) + small


def _picture(title: str, width: float, height: float, drawn: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Inter, DejaVu Sans, Liberation Sans, sans-serif" font-size="{SIZE}"><title>{_text(title)}</title>'
        f"{drawn}</svg>"
    )


def _block(left: float, top: float, width: float, color: str, *, tall: int = 12) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{tall}" rx="2" fill="{color}"/>'


def _words(left: float, top: float, text: str, color: str, *, end: bool = False, size: int = SIZE) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{left}" y="{top:.1f}" fill="{color}" font-size="{size}"{anchor}>{_text(text)}</text>'


def _short(text: str, room: float) -> str:
    """As much of a text as the room holds, on one line."""
    plain = " ".join(text.split())
    if _wide(plain) <= room:
        return plain
    width, kept = _wide("…"), ""
    for sign in plain:
        width += _wide(sign)
        if width > room:
            break
        kept += sign
    return f"{kept.rstrip()}…"


def _wide(text: str) -> float:
    return SIZE * sum(_part(sign) for sign in text)


def _part(sign: str) -> float:
    if sign in _NARROW:
        return 0.38
    if sign in _WIDE_SIGNS or east_asian_width(sign) in "WF" or category(sign) == "So":
        return 1.1
    return 0.75 if sign.isupper() else 0.63


def _text(text: str) -> str:
    # What XML cannot hold at all would make the whole picture unreadable.
    return escape("".join(sign if sign.isprintable() else " " for sign in text))
