"""What the form of an import says: which column goes to what, what words mean, what comes first in dates, and what is amiss."""

from collections import Counter
from typing import cast

from django.http import QueryDict

from nextplay.facts.contract import BY_NAME
from nextplay.facts.intake.columns import ColumnMapping, DateOrder
from nextplay.operations.data.preview_import import ImportPreview
from nextplay.web import figures

DATE_ORDERS = (("day_first", "Day first: 31/01/2026"), ("month_first", "Month first: 01/31/2026"))


def mappings_in(form: QueryDict) -> dict[str, ColumnMapping]:
    """What the form says of each table. Fields of tables and columns that there are not count as not sent."""
    found: dict[str, ColumnMapping] = {}
    for field in form:
        kind, _, rest = str(field).partition(":")
        table, _, place = rest.partition(":")
        if table not in BY_NAME:
            continue
        mapping = found.setdefault(table, ColumnMapping(table))
        if kind == "column":
            goes = form.get(f"goes:{rest}", "")
            mapping.columns[str(form[field])] = goes if _ours(table, goes) else None
        elif kind == "word" and _ours(table, place.split(":")[0]) and form.get(f"means:{rest}"):
            mapping.values.setdefault(place.split(":")[0], {})[str(form[field])] = str(form[f"means:{rest}"])
        elif kind == "dates" and _ours(table, place) and form.get(field) in dict(DATE_ORDERS):
            mapping.dates[place] = cast(DateOrder, str(form[field]))
    return {table: mapping for table, mapping in found.items() if mapping != ColumnMapping(table)}


def objection(form: QueryDict, preview: ImportPreview, left_out: int) -> str:
    """Why the files cannot be read or loaded as the form says; empty where they can."""
    twice = _taken_twice(form, preview)
    if twice:
        return twice
    if form.get("do") not in ("load", "forecast"):
        return ""
    missing = [f"{file.file}: {', '.join(file.missing)}" for file in preview.files if file.missing]
    if missing:
        return f"Say which column goes to what is required. {'; '.join(missing)}."
    if left_out and form.get("leave_out") != "yes":
        return "Some rows cannot be loaded. Tick the box to leave them out, or mend the file and choose it again."
    return ""


def _taken_twice(form: QueryDict, preview: ImportPreview) -> str:
    for number, file in enumerate(preview.files):
        chosen = [form.get(f"goes:{file.table}:{number}:{place}", "") for place in range(len(file.columns))]
        twice = [goes for goes, times in Counter(chosen).items() if goes and times > 1]
        if twice:
            label = figures.words(str(twice[0]))
            return f"{file.file}: two columns go to {label}. Only the first is read. Set the other to “Do not import”."
    return ""


def _ours(table: str, name: str) -> bool:
    return name == "observed_at" or any(column.name == name for column in BY_NAME[table].columns)
