"""Files before they are loaded, as the check of an import draws them."""

from dataclasses import dataclass

from django.http import QueryDict

from nextplay.facts.contract import BY_NAME
from nextplay.operations.data.preview_import import ColumnPreview, FilePreview, ImportPreview, Problem
from nextplay.web import figures
from nextplay.web.import_form import mappings_in

MATCHES = {
    "given": ("as you chose", "green"),
    "remembered": ("same as last time", "green"),
    "same name": ("same name", "green"),
    "guessed": ("guessed", "grey"),
    "not used": ("not used", "grey"),
}
VALUES_SHOWN = 5


@dataclass(frozen=True)
class ShownColumn:
    """A column of a file and what it goes to; `field` names its choice in the form, `origin` and `first` what we guessed."""

    found: str
    looks_like: str
    target: str
    match: str
    tone: str
    field: str
    origin: str
    first: str


@dataclass(frozen=True)
class Word:
    """A word of the file that a person can explain: `field` names its choice in the form."""

    word: str
    field: str


@dataclass(frozen=True)
class ShownProblem:
    """What is wrong in some rows; where saying something mends it, what to say."""

    title: str
    text: str
    words: tuple[Word, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    dates_field: str = ""


@dataclass(frozen=True)
class Explained:
    """What was said before and still holds."""

    text: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownFile:
    """A file or sheet before it is loaded."""

    name: str
    summary: str
    verdict: str
    columns: tuple[ShownColumn, ...]
    targets: tuple[tuple[str, str], ...]
    errors: tuple[ShownProblem, ...]
    explained: tuple[Explained, ...]
    rejected: list[dict[str, object]]


def shown_files(preview: ImportPreview, form: QueryDict) -> list[ShownFile]:
    """Every file of the preview. What the form explained of a table is carried along once, with its first file."""
    seen: set[str] = set()
    files = []
    for number, file in enumerate(preview.files):
        files.append(_file(file, number, preview.accepted[file.table], form, first=file.table not in seen))
        seen.add(file.table)
    return files


def _file(file: FilePreview, number: int, accepted: list[str], form: QueryDict, *, first: bool) -> ShownFile:
    required = {column.name for column in BY_NAME[file.table].columns if column.required}
    missing = ShownProblem(
        f"No column goes to {', '.join(figures.words(name) for name in file.missing)}",
        "It is required. Say below which column holds it.",
    )
    problems = tuple(_problem(problem, file.table, f"{number}-{place}") for place, problem in enumerate(file.problems))
    return ShownFile(
        name=file.file,
        summary=f"Goes to {file.table}. {figures.many(file.rows, 'row')}, {figures.many(len(file.columns), 'column')}.",
        verdict=_verdict(file),
        columns=tuple(_column(f"{file.table}:{number}:{place}", one, form) for place, one in enumerate(file.columns)),
        targets=tuple((name, f"{figures.words(name)}{' (required)' if name in required else ''}") for name in accepted),
        errors=((missing,) if file.missing else ()) + problems,
        explained=_explained(file.table, form) if first else (),
        rejected=[row | {"value": "nothing" if row["value"] is None else row["value"]} for row in file.rejected_rows],
    )


def _verdict(file: FilePreview) -> str:
    if file.missing:
        return ""
    of = f"{figures.count(file.ready)} of {figures.many(file.checked, 'row')} ready"
    return f"{of} so far; the rest is checked on loading." if file.checked < file.rows else f"{of}."


def _column(field: str, column: ColumnPreview, form: QueryDict) -> ShownColumn:
    origin, first = column.origin, column.means or ""
    if form.get(f"origin:{field}"):
        # A form sends every choice: only those that differ from what we guessed are the person's own.
        first = form.get(f"first:{field}", "")
        origin = str(form[f"origin:{field}"]) if first == (column.means or "") else "given"
    match, tone = MATCHES.get(origin, (origin, "grey"))
    guessed = str(form.get(f"origin:{field}", origin))
    return ShownColumn(
        column.column, ", ".join(column.examples) or "empty", column.means or "", match, tone, field, guessed, first
    )


def _problem(problem: Problem, table: str, place: str) -> ShownProblem:
    reason = f"The value {problem.reason}" if problem.reason.startswith(("is ", "lies ", "can ")) else problem.reason
    values = ", ".join(f"“{value}”" for value in problem.values[:VALUES_SHOWN])
    more = " and others" if len(problem.values) > VALUES_SHOWN else ""
    lines = ", ".join(figures.count(line) for line in problem.lines)
    where = f"{'Line' if problem.rows == 1 else 'Lines'} {lines}{' and more' if problem.rows > len(problem.lines) else ''}."
    words = [Word(value, f"{table}:{problem.means}:{place}-{at}") for at, value in enumerate(problem.values)]
    return ShownProblem(
        title=f"{figures.many(problem.rows, 'row')}{f' in {problem.column}' if problem.column else ''}",
        text=f"{reason[:1].upper()}{reason[1:]} {f'Found {values}{more}. ' if values else ''}{where}",
        words=tuple(words) if problem.words else (),
        meanings=tuple((value, figures.words(value)) for value in problem.words),
        dates_field=f"{table}:{problem.means}" if problem.dates_unclear else "",
    )


def _explained(table: str, form: QueryDict) -> tuple[Explained, ...]:
    said = mappings_in(form).get(table)
    if said is None:
        return ()
    words = [
        Explained(
            f"“{word}” means {figures.words(means)}",
            ((f"word:{table}:{column}:said-{place}", word), (f"means:{table}:{column}:said-{place}", means)),
        )
        for column, pairs in said.values.items()
        for place, (word, means) in enumerate(pairs.items())
    ]
    dates = [
        Explained(
            f"{figures.words(column)} begins with the {'day' if order == 'day_first' else 'month'}",
            ((f"dates:{table}:{column}", order),),
        )
        for column, order in said.dates.items()
    ]
    return (*words, *dates)
