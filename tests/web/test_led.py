"""Figures beside each other lead to their rows."""

import pytest

from nextplay.intelligence.tiles import Benchmark, BenchmarkRow, Cell, Driver, FilterChoice, Growth
from nextplay.web.asked import View
from nextplay.web.led import led_benchmark, led_fall

ASKED = View(segment="Growth", tier=None, period_days=90, as_of=None, stages="partner")


@pytest.mark.parametrize(
    ("groups_are", "addresses"),
    [
        ("tier", ["/figures/win_rate?segment=Growth&tier=%3Cb%3E", "/figures/win_rate?segment=Growth&tier=B"]),
        ("segment", ["/figures/win_rate?segment=%3Cb%3E", "/figures/win_rate?segment=B"]),
    ],
)
def test_a_figure_of_a_group_leads_to_the_rows_inside_it(groups_are: str, addresses: list[str]) -> None:
    groups = tuple(FilterChoice(name, name, 1) for name in ("<b>", "B"))
    rows = (BenchmarkRow("win_rate", "Win rate", "share", (Cell(0.5, 5, 10), Cell(0.25, 10, 40))),)
    table = led_benchmark(Benchmark(groups_are, groups, rows), "USD", ASKED)
    assert table.lines == (("Win rate", tuple(zip(("50%", "25%"), addresses, strict=True))),)


@pytest.mark.parametrize("drivers", [0, 4])
def test_every_row_of_the_waterfall_leads_to_its_rows(drivers: int) -> None:
    names = ("partners", "activation", "deals", "size")[:drivers]
    growth = Growth(10.0, 50.0, tuple(Driver(name, name, 1, 2, 10.0) for name in names), "", clear=True)
    addresses = [at.split("?")[0] for _, at in led_fall(growth, 90, "USD", ASKED)]
    assert addresses[0] == addresses[-1] == "/figures/new_pipeline"
    assert len(addresses) == drivers + 2
