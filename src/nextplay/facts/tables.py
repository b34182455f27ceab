"""The stored tables as Ibis expressions that belong to no connection, so that any room can build on them."""

from __future__ import annotations

import ibis

from nextplay.facts import contract
from nextplay.facts.contract import FactTable, Kind

# Names of columns and what Ibis calls their types.
Columns = dict[str, str]

# Money keeps four decimals as stored (some currencies have three); conversion rounds to two.
STORED_TYPE = {
    Kind.TEXT: "string",
    Kind.LIST: "array<string>",
    Kind.NUMBER: "float64",
    Kind.MONEY: "decimal(18, 4)",
    Kind.TIME: "timestamp(6)",
    Kind.FLAG: "boolean",
    Kind.JSON: "string",
}

# Written by an analysis run, read by dashboards and profiles: long form, one row a partner, run and thing.
DERIVED = {
    "analysis_runs": {
        "run_id": "string",
        "as_of": "timestamp(6)",
        "finished_at": "timestamp(6)",
        "facts_version": "string",
        "program_version": "string",
        "analyst": "string",
        "partners_read": "int64",
    },
    # What a run was asked and what it says of itself, both as JSON objects; an empty `scope` is everybody.
    "refreshes": {"run_id": "string", "scope": "string", "account": "string"},
    # What a score rests on beside its partner's own rows, as digests: `frame` (day, rubric, readers), `usual` in the program.
    "analysis_bases": {"run_id": "string", "frame": "string", "usual": "string"},
    # A row wherever a run found something else than the run before: `digest` of all it found, `own` of the partner's own
    # evidence. A partner that reads as before gets no new rows anywhere.
    "readings": {"run_id": "string", "partner_id": "string", "as_of": "timestamp(6)", "digest": "int64", "own": "int64"},
    "scores": {
        "run_id": "string",
        "partner_id": "string",
        "as_of": "timestamp(6)",
        "dimension": "string",
        # 0-100; null where coverage lies under the floor: unknown, never a guess.
        "score": "float64",
        "coverage": "float64",
        "reason": "string",
    },
    "criteria": {
        "run_id": "string",
        "partner_id": "string",
        "dimension": "string",
        "criterion": "string",
        "value": "float64",
        "points": "float64",
        "weight": "float64",
        # A JSON object: `numerator`, `denominator` and `window_days`. Which rows were counted is asked of the facts as they
        # stood (`analysis.evidence_rows`): kept beside millions of scores they would be most of the store.
        "evidence": "string",
    },
    "strengths": {"run_id": "string", "partner_id": "string", "strength": "string", "score": "float64", "evidence": "string"},
    # Sentences of documents that say something of their partner; `start` and `end` count characters of the text.
    "text_evidence": {
        "partner_id": "string",
        "document_id": "string",
        "label": "string",
        "quote": "string",
        "start": "int64",
        "end": "int64",
        # How sure the reader is, 0-1.
        "score": "float64",
        "reader": "string",
    },
    # What scores of past days were worth, as a JSON object.
    "validity_reports": {"made_at": "timestamp(6)", "report": "string"},
    # Which texts were read, by digest and reader: an unchanged one is not read again.
    "texts_read": {"document_id": "string", "digest": "string", "reader": "string"},
    # What a language model told of a reading (a run's id): rows asked, sentence and quote; `digest` of all it was sent.
    "summaries": {
        "run_id": "string",
        "partner_id": "string",
        "reading": "string",
        "digest": "string",
        "analyst": "string",
        "told_at": "timestamp(6)",
        "kind": "string",
        "position": "int64",
        "text": "string",
        # A JSON list of what it rests on.
        "evidence": "string",
    },
}


def schema_of(table: FactTable) -> Columns:
    """Stored shape of a contract table: its columns and `observed_at`, when we learned the row."""
    stored = {column.name: STORED_TYPE[column.kind] for column in table.columns}
    return stored | {"observed_at": STORED_TYPE[Kind.TIME]}


# Whose rows each version of the facts touched since everybody was analyzed (`facts.touched`).
TOUCHED = {
    "partners_touched": {"partner_id": "string", "facts": "int64"},
    "facts_changes": {"facts": "int64", "everybody": "boolean"},
}

# Facts move the version that decisions bear; an analysis moves its own.
VERSIONS = {"part": "string", "number": "int64"}

# What can be worked out again at any time (`facts.rollups`): no backup holds it.
ROLLUPS = {"digest": "string", "name": "string", "facts": "int64", "analysis": "int64", "answer": "binary"}

# What the last import changed, as it stood before (`facts.undo`): good only beside the facts it came to, so no backup holds it.
BEFORE = {f"before_{table.name}": schema_of(table) | {"done": "string"} for table in contract.TABLES} | {
    "last_import": {"facts": "int64", "whole": "string"}
}

STORED: dict[str, Columns] = {table.name: schema_of(table) for table in contract.TABLES} | DERIVED | TOUCHED
ALL = STORED | {"nextplay_versions": VERSIONS}


def stored(name: str) -> ibis.Table:
    """A stored table as an expression. Raises KeyError for a table that is none of ours."""
    return ibis.table(ibis.schema(ALL[name]), name=name)
