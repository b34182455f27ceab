"""Where the points of a small drawn line lie, for the page and for print: x to the right, y down, as SVG counts."""

from collections.abc import Sequence

# Room left around a sparkline so that its line and end point are not cut.
_LEFT, _RIGHT, _EDGE = 3, 5, 4


def spark_places(points: Sequence[float], width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Two points or more at equal steps, lowest at the bottom."""
    low, span = min(points), (max(points) - min(points)) or 1.0
    step = (width - _LEFT - _RIGHT) / (len(points) - 1)
    return tuple(
        (_LEFT + step * index, height - _EDGE - (height - 2 * _EDGE) * (point - low) / span)
        for index, point in enumerate(points)
    )


def curve_places(curve: Sequence[tuple[float, float]], width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Shares from 0 to 1, held within the picture."""
    return tuple((x * width, height - min(max(y, 0.0), 1.0) * height) for x, y in curve)
