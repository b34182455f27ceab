"""The sample program: what it is, and taking it out after one explicit confirmation."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from nextplay.operations.data.remove_sample import holds_sample
from nextplay.operations.viewer import require
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation
from nextplay.web.pages.jobs import start
from nextplay.web.places import MAY_IMPORT
from nextplay.web.settings_places import sections
from nextplay.web.surround import shell_of


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest) -> HttpResponse:
    """Say what would go; take it out where that was confirmed."""
    require(viewer_of(request), *MAY_IMPORT)
    confirmed = request.POST.get("sure") == "yes"
    loaded = holds_sample(installation())
    if request.method == "POST" and confirmed and loaded:
        return start(request, "remove_sample", {})
    unconfirmed = request.method == "POST" and loaded
    context = {**sections("sample-data"), "loaded": loaded, "unconfirmed": unconfirmed}
    status = 422 if unconfirmed else 200
    return show(request, "nextplay/pages/settings_sample.html", context, shell=shell_of(request, "settings"), status=status)
