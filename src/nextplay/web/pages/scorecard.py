"""The Activation Scorecard of a partner: its versions, as page and file; and the template to fill in by hand."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nextplay.operations.portal.scorecard import (
    Card,
    Scorecards,
    blank_scorecard,
    make_scorecard,
    share_scorecard,
    show_scorecard,
)
from nextplay.operations.portal.scorecard_parts import VERDICTS
from nextplay.operations.portal.scorecard_print import (
    CARD_MEDIA_TYPE,
    PARTS,
    SIGNS,
    CardKind,
    card_text,
    mark_said,
    printed_card,
    value_said,
)
from nextplay.operations.viewer import DECIDERS, NotForThisViewer
from nextplay.traits.scorecard import Line, ProofRow
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, for_one_person, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.surround import shell_of

KINDS: dict[str, CardKind] = {"pdf": "pdf", "xlsx": "xlsx"}
TONES = {"on target": "green", "on the way": "blue", "red flag": "orange", "unknown": "grey"}
# Newer ones say more; every one opens by its address.
MOST_VERSIONS = 12


@dataclass(frozen=True)
class ShownLine:
    """A line of the card, in words."""

    label: str
    seen: str
    value: str
    target: str
    floor: str
    verdict: str
    tone: str
    sign: str
    signals: tuple[str, ...]
    rows: tuple[ProofRow, ...]


@require_safe
def scorecard(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Show a version, or how the card looks now where none was kept."""
    asked = request.GET.get("version", "")
    version = number_in(asked, otherwise=0) if asked else None
    found = show_scorecard(installation(), viewer_of(request), partner_id, version=version, now=moment())
    return _page(request, found)


@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Show the template."""
    card = blank_scorecard(installation(), viewer_of(request))
    return _page(request, Scorecards(card, None, ()))


@require_POST
def make(request: HttpRequest, partner_id: str) -> HttpResponse:
    """Keep how the card looks now."""
    found = make_scorecard(installation(), viewer_of(request), partner_id, now=moment())
    version = found.kept.version if found.kept else 0
    say_later(request, Toast(f"Kept as version {version}. It stays as it is."))
    return HttpResponseRedirect(f"{reverse('scorecard', args=[partner_id])}?version={version}", status=303)


@require_POST
def share(request: HttpRequest, partner_id: str, version: int) -> HttpResponse:
    """Show a version's activation lines to the partner's own people, or no longer."""
    shared = request.POST.get("shared") == "yes"
    share_scorecard(installation(), viewer_of(request), partner_id, version, shared=shared, now=moment())
    said = "They see its activation lines on their page." if shared else "They see it no longer."
    say_later(request, Toast(said))
    return HttpResponseRedirect(f"{reverse('scorecard', args=[partner_id])}?version={version}", status=303)


@require_safe
def file(request: HttpRequest, partner_id: str, version: int, kind: str) -> HttpResponse:
    """A version as a file; 0 is how the card looks now, where none was kept."""
    found = show_scorecard(installation(), viewer_of(request), partner_id, version=version or None, now=moment())
    return _file(found.card, kind, found.note)


@require_safe
def blank_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The template as a file."""
    return _file(blank_scorecard(installation(), viewer_of(request)), kind, "")


def shown_lines(card: Card, part: str) -> list[ShownLine]:
    """Lines of a part in words."""
    return [_line(line, empty=not card.partner_id) for line in card.lines if line.part == part]


def _line(line: Line, *, empty: bool) -> ShownLine:
    value = "" if empty else value_said(line.value, line.unit) or "unknown"
    verdict = "" if empty else line.verdict
    tone, sign = TONES[line.verdict], SIGNS[line.verdict]
    target, floor = mark_said(line, line.target), mark_said(line, line.floor)
    return ShownLine(line.label, line.seen, value, target, floor, verdict, tone, sign, line.signals, line.rows)


def _page(request: HttpRequest, found: Scorecards) -> HttpResponse:
    card, kept, called = found.card, found.kept, found.called
    now: datetime = moment()
    context = {
        "card": card,
        "parts": [(title, shown_lines(card, part)) for part, title in PARTS],
        "verdicts": [(label, bool(card.decision and card.decision.verdict == name)) for name, label in VERDICTS.items()],
        "as_text": card_text(card, found.note),
        "kept": kept,
        "version": kept.version if kept else 0,
        "note": found.note,
        "versions": [(one, called.get(one.made_by, one.made_by)) for one in found.versions[:MOST_VERSIONS]],
        "may_make": viewer_of(request).role in DECIDERS and bool(card.partner_id),
        "today": now.date(),
    }
    return show(request, "nextplay/pages/scorecard.html", context, shell=shell_of(request, "partners"))


def _file(card: Card, kind: str, note: str) -> HttpResponse:
    if kind not in KINDS:
        raise NotForThisViewer
    name = "activation-scorecard" if card.partner_id else "activation-scorecard-blank"
    made = printed_card(card, KINDS[kind], note=note)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    answer = HttpResponse(made, content_type=CARD_MEDIA_TYPE[kind], headers=headers)
    return for_one_person(answer)
