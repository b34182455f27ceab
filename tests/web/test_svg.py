from hypothesis import given
from hypothesis import strategies as st

from nextplay.web import svg


def test_the_longest_bar_fills_its_track() -> None:
    assert 'width="100.00%"' in svg.bar(10, 10)
    assert 'width="40.00%"' in svg.bar(4, 10)


def test_a_bar_without_a_value_draws_no_fill() -> None:
    assert "bar-fill" not in svg.bar(0, 10)
    assert "bar-fill" not in svg.bar(0, 0)


def test_a_mark_stands_only_where_there_is_something_to_compare_with() -> None:
    assert "bar-tick" not in svg.bar(4, 10)
    assert 'class="bar-tick" x="60.00%"' in svg.bar(4, 10, 6)
    assert 'class="bar-tick" x="0.00%"' in svg.bar(4, 10, 0)


def test_a_part_is_drawn_over_its_whole() -> None:
    drawn = svg.bar_within(3, 12, 24)
    assert drawn.index('width="50.00%"') < drawn.index('width="12.50%"')


def test_a_sparkline_needs_two_points() -> None:
    assert svg.sparkline([]) == ""
    assert svg.sparkline([4.0]) == ""
    assert svg.sparkline([4.0, 4.0]).count("spark-line") == 1


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40))
def test_a_sparkline_stays_inside_its_frame(points: list[float]) -> None:
    path = svg.sparkline(points, 92, 30).split('d="')[1].split('"')[0]
    for place in path.replace("M", " ").replace("L", ",").split(","):
        x, y = (float(number) for number in place.split())
        assert 0 <= x <= 92
        assert 0 <= y <= 30


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(min_value=0, max_value=1e12))
def test_no_bar_leaves_its_track(value: float, longest: float) -> None:
    drawn = svg.bar(value, longest)
    for part in drawn.split('width="')[1:]:
        assert 0 <= float(part.split("%")[0]) <= 100


def test_marks_carry_no_inline_style() -> None:
    assert "style" not in svg.bar(4, 10, 6) + svg.meter(0.4) + svg.sparkline([1.0, 2.0]) + svg.bar_within(1, 2, 3, 4)
