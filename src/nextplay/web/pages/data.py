"""Data: what the facts are good for, what was imported, and rejected rows to mend."""

from dataclasses import replace

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from nextplay.facts.readiness import Finding
from nextplay.operations.admin.doctor import DoctorReport, doctor
from nextplay.operations.background.jobs import latest_imports, latest_jobs
from nextplay.operations.background.verbs_that_read import READING_VERBS
from nextplay.operations.data.undo_import import last_brought, undo_refused
from nextplay.operations.people import names_of
from nextplay.operations.viewer import OPERATOR, NotForThisViewer, require
from nextplay.web.frame import for_one_person, show
from nextplay.web.gate import viewer_of
from nextplay.web.guided import follows_guide
from nextplay.web.here import installation, moment
from nextplay.web.jobs_shown import ShownImport, ShownJob, shown_import, shown_job
from nextplay.web.places import MAY_IMPORT
from nextplay.web.surround import shell_of

# Who imports without signing in.
NOBODYS = {OPERATOR.email: OPERATOR.name, "sample": "Sample program"}
IMPORTING = ("import_facts", "load_sample")


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show readiness, tables and past runs."""
    viewer = viewer_of(request)
    require(viewer, *MAY_IMPORT)
    # Before what is shown of it: an import that comes between is then not undone unseen.
    brought = last_brought(installation())
    report = doctor(installation(), now=moment())
    ready = report.readiness
    jobs, imports = _by_name(
        [shown_job(job) for job in latest_jobs(viewer)],
        [shown_import(at, actor, report) for at, actor, report in latest_imports(viewer)],
    )
    context = {
        "lead": "What is loaded, what it is good for, and what would make it better.",
        "findings": [*_unwell(report), *(_finding(one) for one in (ready.findings if ready else ()))],
        "tables": [{"name": table.table, "rows": table.rows} for table in (ready.tables if ready else ())],
        "guided": follows_guide(request),
        "running": [job for job in jobs if job.moving],
        # What an import did stands with the imports; here it stands only where it came to nothing.
        "past": [job for job in jobs if not job.moving and _worth_telling(job)],
        "imports": imports,
        "brought": brought,
        "cannot_undo": undo_refused(installation(), viewer),
        "offered": {file.name for file in installation().home.rejected.glob("*.csv")},
    }
    return show(request, "nextplay/pages/data.html", context, shell=shell_of(request, "data"))


@require_safe
def rejected(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows that an import refused, as a CSV to mend."""
    require(viewer_of(request), *MAY_IMPORT)
    file = installation().home.rejected / name
    if file.parent != installation().home.rejected or file.suffix != ".csv" or not file.is_file():
        raise NotForThisViewer
    content_type = "text/csv; charset=utf-8"
    return for_one_person(FileResponse(file.open("rb"), as_attachment=True, filename=file.name, content_type=content_type))


def _by_name(jobs: list[ShownJob], imports: list[ShownImport]) -> tuple[list[ShownJob], list[ShownImport]]:
    """The same, with people called by name where they have one."""
    actors = {one.actor for one in jobs} | {who for one in imports for who in (one.actor, one.undone_by)}
    called = names_of(frozenset(actors)) | NOBODYS

    def name(actor: str) -> str:
        return called.get(actor, actor)

    return (
        [replace(one, actor=name(one.actor)) for one in jobs],
        [replace(one, actor=name(one.actor), undone_by=name(one.undone_by)) for one in imports],
    )


def _worth_telling(job: ShownJob) -> bool:
    """What only read, and came to its end, changed nothing."""
    return not (job.verb in (*IMPORTING, *READING_VERBS) and job.result)


def _unwell(report: DoctorReport) -> list[dict[str, str]]:
    return [
        {"what": check.says, "state": "Needs mending", "tone": "red", "text": check.fix}
        for check in report.checks
        if not check.well
    ]


def _finding(finding: Finding) -> dict[str, str]:
    refused = finding.effect == "refused"
    return {
        "what": finding.what,
        "state": "refused" if refused else "weaker",
        "tone": "orange" if refused else "grey",
        "text": f"{finding.why} {finding.fix}",
    }
