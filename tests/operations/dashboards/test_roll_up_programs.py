"""Whatever a program calls active and partner-sourced, its roll-ups say what its facts say."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nextplay.operations.dashboards.roll_up import roll_up_where_due
from nextplay.operations.installation import Installation
from tests.intelligence.conftest import PROGRAM
from tests.intelligence.drawn import KINDS
from tests.operations.dashboards.test_roll_up import TODAY, all_of_them, held, shown

LABELS = ("partner", "influenced", "co_sell")
# A list that is JSON is YAML too.
actives = st.fixed_dictionaries(
    {
        "name": st.just("drawn"),
        "label": st.just("As drawn"),
        "days": st.integers(1, 400),
        "kinds": st.lists(st.sampled_from(KINDS), unique=True, max_size=3),
        "deals_opened": st.booleans(),
        "revenue": st.booleans(),
    }
)
sourceds = st.fixed_dictionaries(
    {
        "name": st.just("drawn"),
        "label": st.just("As drawn"),
        "sourced_by": st.lists(st.sampled_from(LABELS), unique=True, min_size=1),
        "unlabelled": st.booleans(),
    }
)


@pytest.mark.parametrize("facts_url", ["duckdb"], indirect=True)
@settings(
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(active=actives, sourced=sourceds)
def test_a_program_answers_the_same_from_roll_ups_as_from_facts(
    small: Installation,
    active: dict[str, Any],
    sourced: dict[str, Any],
) -> None:
    definitions = json.dumps({"active": [active], "sourced": [sourced]})
    small.home.program_file.write_text(f"{PROGRAM}definitions: {definitions}\n", encoding="utf-8")
    assert small.program.definitions.active[0].days == active["days"]
    roll_up_where_due(small, today=TODAY)
    assert held(small) == all_of_them(small)
    assert shown(small, "Growth", None) == shown(small, "Growth", None, from_facts=True)
