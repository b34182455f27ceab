"""A tile of bars as a picture that stands by itself: for print, for slides, without script or style sheet."""

from collections.abc import Sequence
from html import escape

WIDTH, LABELS, FIGURES, ROW = 720, 210, 110, 24
BAR, WITHIN, TRACK, INK = "#4d78c4", "#bccdeb", "#eef0f1", "#15191b"
LONGEST_LABEL = 34


def bars_svg(title: str, rows: Sequence[tuple[str, float, float | None, str]]) -> str:
    """Bars by label, length, an inner length where a part of it is told, and the figure as text; longest is full."""
    longest = max((length for _, length, _, _ in rows), default=0.0)
    drawn = "".join(_row(place, row, longest) for place, row in enumerate(rows))
    height = max(len(rows), 1) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="Inter, DejaVu Sans, sans-serif" font-size="12"><title>{_text(title)}</title>{drawn}</svg>'
    )


def _row(place: int, row: tuple[str, float, float | None, str], longest: float) -> str:
    label, length, inner, figure = row
    top, room = place * ROW, WIDTH - LABELS - FIGURES
    short = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
    widths = [(room, TRACK), (_width(length, longest, room), BAR if inner is None else WITHIN)]
    widths += [(_width(inner, longest, room), BAR)] if inner is not None else []
    bars = "".join(
        f'<rect x="{LABELS}" y="{top + 6}" width="{width:.1f}" height="12" rx="2" fill="{color}"/>' for width, color in widths
    )
    return (
        f'<text x="0" y="{top + 16}" fill="{INK}">{_text(short)}</text>{bars}'
        f'<text x="{WIDTH}" y="{top + 16}" text-anchor="end" fill="{INK}">{_text(figure)}</text>'
    )


def _width(length: float, longest: float, room: int) -> float:
    return max(min(length / longest, 1.0), 0.0) * room if longest > 0 else 0.0


def _text(text: str) -> str:
    # What XML cannot hold at all would make the whole picture unreadable.
    return escape("".join(sign if sign.isprintable() else " " for sign in text))
