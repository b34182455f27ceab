"""Questions whose SQL is written once and kept, whatever day they are asked about.

Writing a query costs more than answering it: loading Ibis and its dialects, building, rewriting. A question is a function that
writes an expression over the facts of a scope, and what else that is given. It is written over facts of no day in particular,
with a mark wherever an instant of the day stands, and every asking puts its own instants in place of the marks.

Kept in memory, and in the home folder where nothing of a partner or an asker stands in it. There a text is found under a digest
of the code that wrote it, and run only with a signature that nobody makes who cannot read the installation's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import ibis

from nextplay.facts.engines import compile_sql
from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.home import Home
from nextplay.values.source import source_digest

Writer = Callable[..., "ibis.Table"]
# Never a day: it would stand in the text for all others.
Given = int | str | tuple[str, ...]

# Held in memory at most; past it everything is forgotten and written again.
MOST_HELD = 512
# Files of one version of the code, the same way: another currency rate is another text.
MOST_KEPT = 2_000
# Rooms whose code says what is written.
_ROOMS = ("values", "program", "facts", "signals")
_keeps = ContextVar("keeps questions", default=True)
_MARK = re.compile(r"CAST\('⟦(-?\d+) days before⟧' AS TIMESTAMP\(6\)\)")


class FactsOfAnyDay(ScopedFacts):
    """Facts of a day that is told later: whoever asks for the day itself finds one that no calendar goes beyond."""

    def __init__(self, scope: Scope, reporting: Reporting) -> None:
        super().__init__(replace(scope, as_of=date.max, known_by=None), reporting)
        self._known_ahead = _known_ahead(scope)

    def day_end(self, before: int = 0) -> ibis.expr.types.TimestampScalar:
        """The mark of that instant."""
        return ibis.literal(f"⟦{before} days before⟧").cast("timestamp(6)")

    def known_end(self) -> ibis.expr.types.TimestampScalar:
        """The mark of that instant."""
        return self.day_end(-self._known_ahead)


class Questions:
    """Texts of questions in one engine's SQL. Safe between threads and processes: a file is whole or not there."""

    def __init__(self, dialect: str, home: Home | None = None) -> None:
        self._dialect, self._home = dialect, home
        self._held: dict[object, str] = {}

    def written(self, write: Writer, facts: ScopedFacts, *given: Given) -> str:
        """The SQL of a question about the day of the scope."""
        scope = facts.scope
        if scope.known_at is not None:
            # An instant within a day lies at no mark.
            return compile_sql(write(facts, *given), self._dialect)
        asked = replace(scope, as_of=date.min, known_by=None), _known_ahead(scope), facts.reporting
        key = (*_name(write), self._dialect, *asked, given)
        home = self._home if _is_general(scope) else None
        text = self._text(key, home, lambda: write(FactsOfAnyDay(scope, facts.reporting), *given))
        return _MARK.sub(lambda mark: _instant(scope.cutoff - timedelta(days=int(mark[1]))), text)

    def of_all_facts(self, write: Writer) -> str:
        """The SQL of a question about everything that is held, of no scope and no day."""
        return self._text((*_name(write), self._dialect), self._home, write)

    def _text(self, key: object, home: Home | None, write: Writer) -> str:
        text = self._held.get(key) or (_found(home, key) if home else None)
        if text is None:
            text = compile_sql(write(), self._dialect)
            if home and _keeps.get():
                _keep(_file(home, key), _signed(home, key, text) + text)
        if len(self._held) >= MOST_HELD:
            self._held = {}
        self._held[key] = text
        return text


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Texts written meanwhile are held in memory alone: for whoever promises to write nothing."""
    before = _keeps.set(False)
    try:
        yield
    finally:
        _keeps.reset(before)


def _found(home: Home, key: object) -> str | None:
    """The kept text, where it is ours."""
    try:
        content = _file(home, key).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    signature, _, text = content.partition("\n")
    return text if hmac.compare_digest(f"{signature}\n".encode(), _signed(home, key, text).encode()) else None


def _name(write: Writer) -> tuple[str, str]:
    """What a question is known by. Raises TypeError for a function that shares its name with others, as lambdas do."""
    if "<" in write.__qualname__:
        raise TypeError(f"{write.__qualname__} is no name that a question could be known by")
    return write.__module__, write.__qualname__


def _is_general(scope: Scope) -> bool:
    return scope.reach == Reach() and scope.segment is None and scope.tier is None


def _known_ahead(scope: Scope) -> int:
    """Days from the day looked at to the day that it is known by."""
    return ((scope.known_by or scope.as_of) - scope.as_of).days


def _instant(moment: datetime) -> str:
    return f"CAST('{moment.isoformat()}' AS TIMESTAMP(6))"


def _file(home: Home, key: object) -> Path:
    return home.questions / _code() / f"{hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest()}.sql"


def _signed(home: Home, key: object, text: str) -> str:
    """The line that says a text is the answer of this very code to this very question, written by who knows the secret."""
    said = f"{_code()}\n{key!r}\n{text}"
    return hmac.new(f"nextplay questions {home.secret_key}".encode(), said.encode(), hashlib.sha256).hexdigest() + "\n"


@cache
def _code() -> str:
    """All code that writes: a digest of ours, file by file, and the versions of the libraries under it."""
    libraries = (version(name) for name in ("ibis-framework", "sqlglot"))
    return "-".join((source_digest(Path(__file__).parents[1], _ROOMS), *libraries))


def _keep(file: Path, content: str) -> None:
    """Written whole, or not at all: where the folder cannot be written, a question is only slower the next time."""
    try:
        if not file.parent.exists():
            # Of earlier code; whoever still runs it writes its own again.
            shutil.rmtree(file.parents[1], ignore_errors=True)
            file.parents[1].mkdir(mode=0o700, exist_ok=True)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if sum(1 for _ in file.parent.iterdir()) >= MOST_KEPT:
            shutil.rmtree(file.parent, ignore_errors=True)
            return
        handle, draft = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                target.write(content)
            Path(draft).replace(file)
        except OSError:
            Path(draft).unlink(missing_ok=True)
    except OSError:
        return
