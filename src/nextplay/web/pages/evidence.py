"""From a score to what it rests on: a criterion's rows, which came and went since the reading before, and the rubric."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nextplay.operations.partners.partner_analysis import LABELS
from nextplay.operations.partners.partner_quotes import Quote, quote_of, show_document
from nextplay.operations.partners.show_evidence import MOST_ROWS, EvidencePage, EvidenceRow, rows_behind, show_evidence
from nextplay.operations.viewer import TEAM, require
from nextplay.web import figures
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.profile import AUTHORS, KINDS
from nextplay.web.scores import shown_criterion
from nextplay.web.surround import shell_of

WHAT = {"deals": "Deal", "contacts": "Person", "accounts": "Account"}
STATES = {"new": ("new", "green"), "gone": ("no longer counted", "orange"), "counted": ("", "")}


@dataclass(frozen=True)
class ShownRow:
    """A row of the facts that was counted, or was the time before."""

    when: str
    what: str
    about: str
    key: str
    counts_as: str
    state: str
    tone: str
    # Of a sentence: where it stands in its document.
    quote: Quote | None


@require_safe
def evidence(request: HttpRequest, partner_id: str, criterion: str) -> HttpResponse:
    """Show what a criterion of a partner rests on."""
    found = show_evidence(installation(), viewer_of(request), partner_id, criterion, now=moment())
    rows = found.rows
    context = {
        "found": found,
        "criterion": shown_criterion(found.criterion),
        "rule": rule_said(found),
        "since": figures.short_day(found.before.as_of) if found.before else "",
        "rows": None if rows is None else [_row(row) for row in rows],
        "came": sum(row.state == "new" for row in rows or ()),
        "went": sum(row.state == "gone" for row in rows or ()),
        "more": max(found.counted - MOST_ROWS, 0),
    }
    return show(request, "nextplay/pages/evidence.html", context, shell=shell_of(request, "partners"))


@require_safe
def signals_behind(request: HttpRequest, partner_id: str) -> HttpResponse:
    """How many signals stand behind each score: asked for when the profile is there already, as counting takes a second."""
    behind = rows_behind(installation(), viewer_of(request), partner_id, now=moment())
    return render(request, "nextplay/parts/signals_behind.html", {"behind": behind.items()})


@require_safe
def document(request: HttpRequest, partner_id: str, document_id: str) -> HttpResponse:
    """Show a text, with the quoted place marked."""
    found = show_document(installation(), viewer_of(request), partner_id, document_id, now=moment())
    asked = f"{document_id}#{request.GET.get('start', '')}-{request.GET.get('end', '')}"
    quote = quote_of(asked, found.text)
    context = {
        "partner_id": partner_id,
        "document": found,
        "title": " ".join(part for part in (figures.words(found.kind or "note"), AUTHORS.get(found.author or "", "")) if part),
        "before": found.text[: quote.start] if quote else found.text,
        "quote": quote.text if quote else "",
        "after": found.text[quote.end :] if quote else "",
    }
    return show(request, "nextplay/pages/document.html", context, shell=shell_of(request, "partners"))


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Say how scores are made, in words and with this program's own rubric."""
    require(viewer_of(request), *TEAM)
    program = installation().program
    dimensions = [
        (label, [(one.label, f"{one.zero:g}", f"{one.full:g}", f"{one.weight:g}") for one in getattr(program.rubric, name)])
        for name, label in LABELS.items()
    ]
    context = {"rubric": program.rubric, "dimensions": dimensions, "strengths": program.strengths}
    return show(request, "nextplay/pages/scores_how.html", context, shell=shell_of(request, "partners"))


def rule_said(found: EvidencePage) -> str:
    """How points come from a value: by the program in force, which need not be the one of the reading."""
    one, label = found.criterion, found.dimension.label
    # What was counted wears off, or is pulled towards the usual: the value is not the count.
    value = f"The value is {round(one.value, 2):g}: no" if one.value is not None and one.points is not None else "No"
    line = f"{value} points at {one.zero:g}, all 100 at {one.full:g}, straight between"
    since = "" if found.same_program else " by the program of today, which has changed since the scores were made"
    return f"{line}{since}. Weight {one.weight:g} in {label}."


def _row(row: EvidenceRow) -> ShownRow:
    state, tone = STATES[row.state]
    what = KINDS[row.what][0] if row.what in KINDS else figures.words(row.what) if row.what else ""
    if row.table in WHAT:
        what = f"{WHAT[row.table]}: {what.lower()}" if what else WHAT[row.table]
    about = ", ".join(part for part in (row.person, row.account) if part)
    if row.table == "documents":
        what, about = figures.words(row.what or "note"), AUTHORS.get(row.person or "", "")
        what += "" if row.quote else ", changed since it was read"
    return ShownRow(
        figures.short_day(row.on), what, about, row.key, figures.words(row.counts_as).lower(), state, tone, row.quote
    )
