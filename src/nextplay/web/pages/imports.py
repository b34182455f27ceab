"""Bring files: choose them, check how they would be read, load what is good."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.operations.background.jobs import job as find_job
from nextplay.operations.data.preview_import import ImportPreview, preview_import
from nextplay.operations.data.undo_import import last_brought, undo_refused
from nextplay.operations.viewer import NotForThisViewer, require
from nextplay.web import figures
from nextplay.web.contract import offers
from nextplay.web.frame import Toast, say_later, show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.import_form import DATE_ORDERS, mappings_in, objection
from nextplay.web.import_shown import shown_files
from nextplay.web.pages.jobs import start
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of
from nextplay.web.uploads import NothingToImport, discard, keep, kept


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Take the files, or say what is wrong with them."""
    require(viewer_of(request), *MAY_IMPORT)
    if request.method != "POST":
        return _chooser(request)
    uploads, table = installation().home.uploads, request.POST.get("table", "")
    try:
        token = keep(uploads, request.FILES.getlist("files"), now=moment(), table=table)
    except NothingToImport as error:
        return _chooser(request, str(error))
    try:
        preview_import(installation(), kept(uploads, token), now=moment())
    except UnreadableFile as error:
        discard(uploads, token)
        return _chooser(request, str(error))
    return HttpResponseRedirect(reverse("import-check", args=[token]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the files would be read; load them when asked to."""
    require(viewer_of(request), *MAY_IMPORT)
    paths = kept(installation().home.uploads, token)
    mappings = mappings_in(request.POST)
    try:
        preview = preview_import(installation(), paths, now=moment(), mappings=mappings)
    except UnreadableFile as error:
        return _chooser(request, str(error))
    amiss = objection(request.POST, preview, _bad(preview))
    if request.POST.get("do") in ("load", "forecast") and not amiss:
        replace = request.POST.get("replace") == "yes"
        # Rows are removed by nobody who has not seen how many.
        verb = "import_facts" if request.POST["do"] == "load" and not replace else "forecast_import"
        return start(request, verb, _asked(paths, mappings, replace=replace))
    return _checker(request, preview, amiss)


@require_POST
def load_foretold(request: HttpRequest, job_id: int) -> HttpResponse:
    """Load what a forecast told of, read as it was read there; where the facts changed since, tell it anew instead."""
    require(viewer_of(request), *MAY_IMPORT)
    told = find_job(viewer_of(request), job_id)
    if told.verb != "forecast_import" or told.state != "done":
        raise NotForThisViewer
    if (told.result or {}).get("brought") != last_brought(installation()):
        said = "The facts changed since that was told. Here it is told anew; nothing has been loaded."
        say_later(request, Toast(said, bad=True))
        return start(request, "forecast_import", told.arguments)
    return start(request, "import_facts", told.arguments)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last import back, as long as it is the one that was seen."""
    require(viewer_of(request), *MAY_IMPORT)
    sent = request.POST.get("brought", "")
    # Nothing ever came to version 0: a form that names no import is refused as one that names another.
    brought = int(sent) if sent.isdecimal() else 0
    refused = undo_refused(installation(), viewer_of(request), brought=brought)
    if refused:
        say_later(request, Toast(refused, bad=True))
        return HttpResponseRedirect(reverse("data"), status=303)
    return start(request, "undo_import", {"brought": brought})


@require_safe
def template(request: HttpRequest, table: str) -> HttpResponse:
    """An empty file of a table with every column of the contract, required ones first."""
    require(viewer_of(request), *MAY_IMPORT)
    if table not in BY_NAME:
        raise NotForThisViewer
    columns = sorted(BY_NAME[table].columns, key=lambda column: not column.required)
    head = ",".join(column.name for column in columns)
    headers = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
    return HttpResponse(f"{head}\r\n", content_type="text/csv; charset=utf-8", headers=headers)


def _asked(paths: list[Path], mappings: dict[str, ColumnMapping], *, replace: bool) -> dict[str, Any]:
    return {
        "paths": [str(path) for path in paths],
        "replace": replace,
        "mappings": {table: asdict(mapping) for table, mapping in mappings.items()},
    }


def _chooser(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {"contract": offers(), "error": error, "table": request.POST.get("table", "")}
    return show(request, "nextplay/pages/import.html", context, shell=shell_of(request, "data"), status=422 if error else 200)


def _checker(request: HttpRequest, preview: ImportPreview, error: str) -> HttpResponse:
    bad = _bad(preview)
    rows = sum(file.rows for file in preview.files)
    tables = len({file.table for file in preview.files})
    some_unchecked = any(file.checked < file.rows for file in preview.files if not file.missing)
    loading = f"{figures.many(rows, 'row')} for {figures.many(tables, 'table')}."
    if some_unchecked:
        loading += " Problems are counted over the first rows of each file; loading checks every row."
    context = {
        "files": shown_files(preview, request.POST),
        "date_orders": DATE_ORDERS,
        "left_aside": preview.left_aside,
        "bad": bad,
        "good": 0 if any(file.missing for file in preview.files) else rows - bad,
        "leave_out": request.POST.get("leave_out") == "yes",
        "replace": request.POST.get("replace") == "yes",
        "loading": loading,
        "error": error,
    }
    return show(
        request, "nextplay/pages/import_preview.html", context, shell=shell_of(request, "data"), status=422 if error else 200
    )


def _bad(preview: ImportPreview) -> int:
    return sum(file.checked - file.ready for file in preview.files)
