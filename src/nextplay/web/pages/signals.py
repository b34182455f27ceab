"""What one partner shows: every signal with its formula, and the rows behind each."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nextplay.operations.partners.show_signals import PartnerSignals, ShownSignal, SignalRow, show_signal_rows, show_signals
from nextplay.web import figures
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

# Windows of the table of kinds, and the column of days since.
WINDOWS = (30, 90, 180)
BY_KIND = "Activities by kind"


@dataclass(frozen=True)
class Line:
    """A signal as a line: what it is called, its value in words, where its rows are."""

    label: str
    value: str
    formula: str
    rows_at: str


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class KindLine:
    """A kind of activity: a cell a window, then days since the last; each with the address of its rows."""

    label: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownRow:
    """A row of facts behind a signal."""

    on: str
    what: str
    person: str
    account: str
    value: str
    row_id: str


@require_safe
def signals(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Show every signal of one partner."""
    found = show_signals(installation(), viewer_of(request), partner_id, now=moment())
    by_name = {one.name: one for one in found.signals}
    context = {
        "partner_id": partner_id,
        "name": found.name,
        "as_of": found.as_of,
        "risk": _chance(found.drop_off.risk),
        "risk_on": "" if found.drop_off.risk_on in (None, found.as_of) else figures.day(found.drop_off.risk_on),
        "reason": found.drop_off.reason,
        "groups": [Group(name, _lines(found, name)) for name in dict.fromkeys(one.group for one in found.signals)],
        "kinds": [_kind(found, by_name, kind) for kind in _kinds(found)],
        "by_kind": BY_KIND,
    }
    return show(request, "nextplay/pages/signals.html", context, shell=shell_of(request, "partners"))


@require_safe
def signal(request: HttpRequest, partner_id: str, signal: str) -> HttpResponse:
    """Show the rows one signal rests on."""
    found = show_signal_rows(installation(), viewer_of(request), partner_id, signal, now=moment())
    partner, again = found.partner, found.counted_again
    context = {
        "partner_id": partner_id,
        "name": partner.name,
        "as_of": partner.as_of,
        "label": label_of(found.signal),
        "value": _value(found.signal, partner.currency),
        "formula": found.signal.formula,
        "made_of": [_line(partner, one) for one in found.made_of],
        "rows": [_row(row, partner.currency) for row in found.rows],
        "total": found.total,
        "again": None if again is None else _number(again, found.signal, partner.currency),
    }
    return show(request, "nextplay/pages/signal.html", context, shell=shell_of(request, "partners"))


def label_of(one: ShownSignal) -> str:
    """The signal's name as people read it: `selling_90` reads `Selling, 90 days`."""
    stem, _, days = one.name.rpartition("_")
    if stem and days.isdigit():
        return f"{figures.words(stem)}, {days} days"
    return figures.words(one.name)


def _lines(found: PartnerSignals, group: str) -> tuple[Line, ...]:
    return tuple(_line(found, one) for one in found.signals if one.group == group)


def _line(found: PartnerSignals, one: ShownSignal) -> Line:
    rows_at = reverse("signal", args=[found.partner_id, one.name]) if one.has_rows else ""
    return Line(label_of(one), _value(one, found.currency), one.formula, rows_at)


def _kinds(found: PartnerSignals) -> list[str]:
    since = "days_since_"
    return [one.name.removeprefix(since) for one in found.signals if one.group == BY_KIND and one.name.startswith(since)]


def _kind(found: PartnerSignals, by_name: dict[str, ShownSignal], kind: str) -> KindLine:
    named = [by_name[f"{kind}_{days}"] for days in WINDOWS] + [by_name[f"days_since_{kind}"]]
    cells = [(_value(one, found.currency), reverse("signal", args=[found.partner_id, one.name])) for one in named]
    return KindLine(figures.words(kind), tuple(cells))


def _value(one: ShownSignal, currency: str) -> str:
    if one.value is None:
        return "not known"
    return one.value if isinstance(one.value, str) else _number(one.value, one, currency)


def _number(value: float, one: ShownSignal, currency: str) -> str:
    if one.unit == "money":
        return figures.money(value, currency)
    if one.unit == "share":
        return figures.share(value)
    if one.unit == "flag":
        return "yes" if value else "no"
    if one.unit == "days":
        return figures.many(round(value), "day", "days")
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", figures.MINUS)


def _row(row: SignalRow, currency: str) -> ShownRow:
    return ShownRow(
        on=figures.short_day(row.at),
        what=figures.words(row.what) if row.what else figures.words(row.source),
        person=row.person or "",
        account=row.account or "",
        value=figures.money(row.value, currency) if row.value is not None else "",
        row_id=row.row_id,
    )


def _chance(risk: float | None) -> str:
    return "" if risk is None else f"{figures.odds(risk)} ({figures.share(risk)})"
