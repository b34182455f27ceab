"""The same facts, program and seed give the same bytes on every engine; what comes later changes nothing that was."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.home import create_home
from nextplay.operations.data.load_sample import load_sample
from nextplay.operations.deciding.decide import cycle_on
from nextplay.operations.installation import Installation
from nextplay.operations.record.close_outcomes import RESULTS
from nextplay.operations.record.cycle_json import cycle_text
from nextplay.operations.record.history import history_of
from nextplay.program.load import default_program
from nextplay.signals.compute import compute
from nextplay.values.period import utc_day
from tests.files import write_sample_program
from tests.stories import activity, days_before, deal, load, partner

END = datetime(2026, 6, 30, 12)
KINDS = ("deal_registered", "meeting_held", "outreach_sent", "step_proposed", "step_accepted", "commitment_met", "portal_login")


@pytest.mark.engine
def test_the_sample_program_is_decided_in_the_same_bytes_on_both_engines(
    sample_installation: Installation, tmp_path: Path, postgres_url: str, now: datetime
) -> None:
    served = Installation(create_home(tmp_path / "served", facts_url=postgres_url))
    load_sample(served, put_program=lambda: write_sample_program(served.home), now=now)
    day = sample_installation.reference_day(utc_day(now))
    nothing = history_of([], [], pl.DataFrame(schema=RESULTS), cycle="2026-11", as_of=day, lot_stands=False)
    both = (sample_installation, served.under(sample_installation.program))
    embedded, on_a_server = (cycle_on(one, day, nothing) for one in both)
    assert embedded.focus
    assert embedded.facts_version == on_a_server.facts_version
    assert cycle_text(embedded) == cycle_text(on_a_server)
    served.close()


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Six partners with a year of facts; tests add what is learned later."""
    opened = Warehouse(f"duckdb:///{tmp_path_factory.mktemp('past') / 'facts.duckdb'}")
    load(opened, "partners", *(partner(f"p{n}", enabled_at=days_before(END, 30 * n + 20)) for n in range(6)))
    load(opened, "activities", *(activity(f"p{n % 6}", KINDS[n % 7], days_before(END, 5 * n + 1)) for n in range(60)))
    load(opened, "deals", *(deal(f"d{n}", f"p{n % 3}", days_before(END, 11 * n + 2), amount=1000 + n) for n in range(20)))
    yield opened
    opened.close()


LATER = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(KINDS), st.integers(-200, 300), st.integers(1, 200), st.booleans()),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12)
@given(later=LATER, number=st.integers(0, 10**9))
def test_rows_that_are_learned_or_happen_later_change_no_signal_of_a_past_day(
    past: Warehouse, later: list[tuple[int, str, int, int, bool]], number: int
) -> None:
    facts = ScopedFacts(Scope(END.date(), past=True), Reporting("USD"))
    before = compute(past, facts, default_program())
    rows: dict[str, list[dict[str, Any]]] = {"activities": [], "deals": []}
    for place, (who, kind, happened, learned, is_deal) in enumerate(later):
        at, seen = END + timedelta(days=happened), END + timedelta(days=max(learned, happened))
        key = f"{number}-{place}-{uuid4().hex}"
        if is_deal:
            rows["deals"].append(deal(f"late-{key}", f"p{who}", at, amount=9e6, observed_at=seen))
        else:
            rows["activities"].append(activity(f"p{who}", kind, at, observed_at=seen, activity_id=f"late-{key}"))
    for table, made in rows.items():
        if made:
            load(past, table, *made)
    assert compute(past, facts, default_program()).equals(before)
