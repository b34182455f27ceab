"""Every figure of both dashboards with the number that the tile shows, for tests that open the rows behind each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nextplay.intelligence.behind import Part
from nextplay.intelligence.derived import BY_DERIVED
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.operations.dashboards import show_executive, show_lifecycle
from nextplay.operations.dashboards.behind_figure import FigureAsked, Filter
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Viewer

TILES = ("pipeline_by_stage", "pipeline_by_deal_stage", "revenue_by_industry", "pipeline_by_industry")


@dataclass(frozen=True)
class Told:
    """A figure as its tile tells it. `marked` of `rows` for a rate; `mean` where the tile tells a mean beside the number."""

    asked: FigureAsked
    value: float | None
    rows: int | None = None
    marked: int | None = None
    mean: float | None = None
    # Whether the tile divides it, so that it is the same only as far as floats are.
    near: bool = False


def executive(installation: Installation, viewer: Viewer, narrowed: Filter, now: datetime) -> Iterator[Told]:
    """Each figure of the Executive Dashboard, from its JSON."""
    shown = show_executive.as_json(show_executive.show_executive(installation, viewer, now=now, **vars(narrowed)))
    for card in shown["cards"]:
        yield from _card(card, narrowed)
    for name in TILES:
        yield from _bars(name, shown[name], narrowed)
    for name, key in (("strengths", "strength"), ("areas", "dimension")):
        for row in shown[name]:
            asked = FigureAsked(name, Part("bar", row[key]), narrowed)
            yield Told(asked, row["partners"], rows=row["partners"], mean=row["average"])
    selling = shown["concentration"]["selling"]
    yield Told(FigureAsked("revenue_shares", narrowed=narrowed), selling["total"], rows=selling["partners"])
    yield from _growth(shown, narrowed)
    yield from _beside(shown, narrowed)


def lifecycle(installation: Installation, viewer: Viewer, narrowed: Filter, now: datetime) -> Iterator[Told]:
    """Each figure of the Partner Lifecycle, from its JSON."""
    named = {name: value for name, value in vars(narrowed).items() if name not in ("period_days", "sourced")}
    shown = show_lifecycle.as_json(show_lifecycle.show_lifecycle(installation, viewer, now=now, **named))
    for card in shown["cards"]:
        yield Told(FigureAsked("stages", Part("bar", card["stage"]), narrowed), card["count"], rows=card["count"])
    for tile in shown["coverage"]:
        whole = FigureAsked(tile["name"], narrowed=narrowed)
        yield Told(whole, tile["distinct"], rows=tile["distinct"])
        yield Told(replace(whole, part=Part("none")), tile["none"])
        for row in tile["rows"]:
            asked = replace(whole, part=Part("bar", row["key"]))
            yield Told(asked, row["count"], rows=row["count"], marked=int(row["value"]))
    for step in shown["passage"]["steps"]:
        yield from _step(step, narrowed)
    for gap in shown["gaps"]["rows"]:
        if gap["pipeline"] is not None:
            yield Told(FigureAsked("demand", Part("bar", f"{gap['covered']}:{gap['label']}"), narrowed), gap["pipeline"])
    for covered, _, number in shown["gaps"]["left_out"]:
        yield Told(FigureAsked("demand", Part("none", f"{covered}:"), narrowed), None, rows=number)


def _step(step: dict[str, Any], narrowed: Filter) -> Iterator[Told]:
    def part(key: str, which: Any = "bar") -> FigureAsked:
        return FigureAsked("passage", Part(which, f"{step['name']}{key}"), narrowed)

    yield Told(part(""), step["median_days"], rows=step["began"], marked=step["reached"])
    yield Told(part(":-1"), step["waiting"], rows=step["waiting"])
    yield Told(part(f":{step['long_days']}"), step["overdue"], rows=step["overdue"])
    for what, number in step["left_out"]:
        yield Told(part(f":{what}", "left"), number)


def _growth(shown: dict[str, Any], narrowed: Filter) -> Iterator[Told]:
    growth = shown["growth"]
    if growth is None:
        return
    drivers = {driver["name"]: driver for driver in growth["drivers"]}
    for part, when in ((Part(), "now"), (Part("before"), "before")):
        yield Told(FigureAsked("new_pipeline", part, narrowed), growth[when])
        if drivers:
            sellers = round(drivers["activation"][when] * drivers["partners"][when])
            yield Told(FigureAsked("sellers", part, narrowed), sellers, rows=sellers)


def _beside(shown: dict[str, Any], narrowed: Filter) -> Iterator[Told]:
    found = shown["benchmark"]
    for row in found["rows"] if found else ():
        for group, cell in zip(found["groups"], row["cells"], strict=True):
            inside = replace(narrowed, **{found["groups_are"]: group["value"]})
            per = group["partners"] if row["label"].endswith("per partner") else 1
            value = cell["value"] * per if cell["value"] is not None else None
            yield Told(FigureAsked(row["metric"], narrowed=inside), value, near=True)
    for row in shown["direct"]["rows"] if shown["direct"] else ():
        for figure, cell in zip((row["metric"], "direct_deals"), row["cells"], strict=True):
            part = Part("bar", row["metric"]) if figure == "direct_deals" else Part()
            yield Told(FigureAsked(figure, part, narrowed), cell["value"], rows=int(cell["denominator"]))


def _card(card: dict[str, Any], narrowed: Filter) -> Iterator[Told]:
    if card["metric"] in BY_DERIVED:
        for part in card["parts"]:
            if part["figure"] in BY_METRIC:
                yield Told(FigureAsked(part["figure"], narrowed=narrowed), part["value"])
        return
    asked = FigureAsked(card["metric"], narrowed=narrowed)
    if card["unit"] == "share":
        yield Told(asked, card["value"], rows=int(card["denominator"]), marked=int(card["numerator"]))
    else:
        yield Told(asked, card["value"])
    if narrowed.period_days is not None:
        yield Told(replace(asked, part=Part("before")), card["previous"])
    for what, number in card["left_out"]:
        yield Told(replace(asked, part=Part("left", what)), number)


def _bars(name: str, tile: dict[str, Any], narrowed: Filter) -> Iterator[Told]:
    whole = FigureAsked(name, narrowed=narrowed)
    yield Told(whole, tile["total"])
    for row in tile["rows"]:
        part = Part("bar", row["key"]) if row["key"] else Part("others")
        yield Told(replace(whole, part=part), row["value"], rows=row["count"])
    for what, number in tile["left_out"]:
        yield Told(replace(whole, part=Part("none" if what.endswith(")") else "unvalued")), None, rows=number)
