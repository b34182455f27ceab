"""The outbox, for admins: what waits, what went out, what failed and why; each can be sent again or dropped."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nextplay.operations.messages.outbox import OutboxRow, drop_message, send_again, show_outbox
from nextplay.web import figures
from nextplay.web.asked import number_in
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import moment
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of

# State, label and tone, in the order in which somebody has to look at them.
STATES = (
    ("failed", "Failed", "red"),
    ("waiting", "Waiting", "blue"),
    ("sent", "Sent", "green"),
    ("dropped", "Dropped", "grey"),
)
MOST = 200


@dataclass(frozen=True)
class Drawn:
    """A message, ready to draw. `said`: what became of it and why."""

    row: OutboxRow
    kind: str
    label: str
    tone: str
    said: str
    may_send: bool
    may_drop: bool


@require_http_methods(["GET", "HEAD", "POST"])
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the newest messages, of one state where one is asked for; send one again, or drop one."""
    viewer, now = viewer_of(request), moment()
    if request.method == "POST":
        return _moved(request, now)
    asked = request.GET.get("state", "")
    chosen = next((state for state in ("failed", "waiting", "sent", "dropped") if state == asked), None)
    found = show_outbox(viewer, state=chosen, limit=MOST)
    context = {
        **sections("outbox"),
        "rows": [_drawn(one, now) for one in found.rows],
        "states": [(state, label, found.counts.get(state, 0)) for state, label, _ in STATES],
        "all": sum(found.counts.values()),
        "waiting": found.counts.get("waiting", 0),
        "failed": found.counts.get("failed", 0),
        "chosen": chosen or "",
        "most": MOST,
        "today": now.date(),
    }
    return show(request, "nextplay/pages/settings_outbox.html", context, shell=shell_of(request, "settings"))


def _moved(request: HttpRequest, now: datetime) -> HttpResponseRedirect:
    viewer, number = viewer_of(request), number_in(request.POST.get("message", ""), otherwise=0)
    if request.POST.get("do") == "drop":
        said = f"“{drop_message(viewer, number, now=now).subject}” is dropped and leaves no more."
    else:
        said = f"“{send_again(viewer, number, now=now).subject}” is on its way again."
    say_later(request, Toast(said))
    state = request.POST.get("state", "")
    known = state in {name for name, _, _ in STATES}
    return HttpResponseRedirect(reverse("outbox") + (f"?state={state}" if known else ""), status=303)


def _drawn(one: OutboxRow, now: datetime) -> Drawn:
    label, tone = next((label, tone) for state, label, tone in STATES if state == one.state)
    may_send = one.state != "sent" and not one.emptied
    may_drop = one.state in ("waiting", "failed")
    return Drawn(one, figures.words(one.kind), label, tone, _said(one, now), may_send, may_drop)


def _said(one: OutboxRow, now: datetime) -> str:
    if one.state == "sent":
        return _when(one.sent_at, now)
    if one.state != "waiting":
        return one.error
    if not one.error:
        return f"Leaves {_when(one.next_try_at, now)}"
    tried = figures.many(one.attempts, "try", "tries")
    return f"{one.error} After {tried}; next {_when(one.next_try_at, now)}"


def _when(moment_of: datetime | None, now: datetime) -> str:
    return f"{figures.day(moment_of, now.date())}, {moment_of:%H:%M} UTC." if moment_of else ""
