"""Bring files: choose them, check how they would be read, load what is good."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.columns import ColumnMapping
from nextplay.facts.intake.unreadable import UnreadableFile
from nextplay.operations.preview_import import ColumnPreview, FilePreview, ImportPreview, Problem, preview_import
from nextplay.operations.viewer import require
from nextplay.web import figures
from nextplay.web.contract import offers
from nextplay.web.frame import show
from nextplay.web.gate import viewer_of
from nextplay.web.here import installation, moment
from nextplay.web.pages.jobs import start
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of
from nextplay.web.uploads import NothingToImport, keep, kept

MATCHES = {
    "given": ("as you chose", "green"),
    "remembered": ("same as last time", "green"),
    "same name": ("same name", "green"),
    "guessed": ("guessed", "grey"),
    "not used": ("not used", "grey"),
}


@dataclass(frozen=True)
class ShownColumn:
    """A column of a file and what it goes to; `field` names its choice in the form."""

    found: str
    looks_like: str
    target: str
    match: str
    tone: str
    field: str


@dataclass(frozen=True)
class ShownProblem:
    """What is wrong in some rows."""

    title: str
    text: str


@dataclass(frozen=True)
class ShownFile:
    """A file or sheet before it is loaded."""

    name: str
    table: str
    summary: str
    columns: tuple[ShownColumn, ...]
    targets: tuple[tuple[str, str], ...]
    errors: tuple[ShownProblem, ...]
    rejected: list[dict[str, object]]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Take the files, or say what is wrong with them."""
    require(viewer_of(request), *MAY_IMPORT)
    if request.method != "POST":
        return _chooser(request)
    try:
        token = keep(installation().home.uploads, request.FILES.getlist("files"), now=moment())
    except NothingToImport as error:
        return _chooser(request, str(error))
    try:
        preview_import(installation(), kept(installation().home.uploads, token), now=moment())
    except UnreadableFile as error:
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
    objection = _why_not(request.POST, preview)
    if request.POST.get("do") == "load" and not objection:
        return _load(request, paths, mappings)
    return _checker(request, preview, objection)


def mappings_in(form: QueryDict) -> dict[str, ColumnMapping]:
    """What the form says each column goes to, by table."""
    columns: dict[str, dict[str, str | None]] = {}
    for field, found in form.items():
        kind, _, rest = str(field).partition(":")
        table = rest.split(":")[0]
        if kind == "column" and table in BY_NAME:
            columns.setdefault(table, {})[str(found)] = str(form.get(f"goes:{rest}", "")) or None
    return {table: ColumnMapping(table, chosen) for table, chosen in columns.items()}


def _why_not(form: QueryDict, preview: ImportPreview) -> str:
    """Why the files cannot be loaded as they stand; empty where they can."""
    if form.get("do") != "load":
        return ""
    missing = [f"{file.file}: {', '.join(file.missing)}" for file in preview.files if file.missing]
    if missing:
        return f"Say which column goes to what is required. {'; '.join(missing)}."
    if _bad(preview) and form.get("leave_out") != "yes":
        return "Some rows cannot be loaded. Tick the box to leave them out, or mend the file and choose it again."
    return ""


def _load(request: HttpRequest, paths: list[Path], mappings: dict[str, ColumnMapping]) -> HttpResponse:
    arguments = {
        "paths": [str(path) for path in paths],
        "mappings": {table: asdict(mapping) for table, mapping in mappings.items()},
    }
    return start(request, "import_facts", arguments)


def _chooser(request: HttpRequest, error: str = "") -> HttpResponse:
    context = {"contract": offers(), "error": error}
    return show(request, "nextplay/pages/import.html", context, shell=shell_of(request, "data"), status=422 if error else 200)


def _checker(request: HttpRequest, preview: ImportPreview, error: str) -> HttpResponse:
    bad = _bad(preview)
    rows = sum(file.rows for file in preview.files)
    some_unchecked = any(file.checked < file.rows for file in preview.files if not file.missing)
    loading = f"{figures.count(rows)} rows in {figures.count(len(preview.files))} tables."
    if some_unchecked:
        loading += " Problems are counted over the first rows of each file; loading checks every row."
    context = {
        "files": [_file(file, preview) for file in preview.files],
        "left_aside": preview.left_aside,
        "bad": bad,
        "good": 0 if any(file.missing for file in preview.files) else rows - bad,
        "loading": loading,
        "error": error,
    }
    return show(
        request, "nextplay/pages/import_preview.html", context, shell=shell_of(request, "data"), status=422 if error else 200
    )


def _bad(preview: ImportPreview) -> int:
    return sum(file.checked - file.ready for file in preview.files)


def _file(file: FilePreview, preview: ImportPreview) -> ShownFile:
    required = {column.name for column in BY_NAME[file.table].columns if column.required}
    targets = tuple(
        (name, f"{figures.words(name)} (required)" if name in required else figures.words(name))
        for name in preview.accepted[file.table]
    )
    missing = ShownProblem(f"No column goes to {', '.join(file.missing)}", "Required. Say below which column holds it.")
    problems = tuple(_problem(problem) for problem in file.problems)
    return ShownFile(
        name=file.file,
        table=file.table,
        summary=f"Goes to {figures.words(file.table).lower()}. {figures.count(file.rows)} rows, {len(file.columns)} columns.",
        columns=tuple(_column(file.table, number, column) for number, column in enumerate(file.columns)),
        targets=targets,
        errors=((missing,) if file.missing else ()) + problems,
        rejected=file.rejected_rows,
    )


def _column(table: str, number: int, column: ColumnPreview) -> ShownColumn:
    match, tone = MATCHES.get(column.origin, (column.origin, "grey"))
    return ShownColumn(
        found=column.column,
        looks_like=", ".join(column.examples) or "empty",
        target=column.means or "",
        match=match,
        tone=tone,
        field=f"{table}:{number}",
    )


def _problem(problem: Problem) -> ShownProblem:
    where = f"{problem.column}: " if problem.column else ""
    rows = f"{figures.count(problem.rows)} {'row' if problem.rows == 1 else 'rows'}"
    found = f"Found {', '.join(f'“{value}”' for value in problem.values)}. " if problem.values else ""
    lines = ", ".join(figures.count(line) for line in problem.lines)
    return ShownProblem(f"{rows}: {where}{problem.reason}", f"{found}Lines {lines}.")
