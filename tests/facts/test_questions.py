"""Questions written once: the same text as one written for the day, kept where it may be, run only where it is ours."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from nextplay.facts.engines import compile_sql
from nextplay.facts.questions import Questions
from nextplay.facts.scope import Reach, Reporting, Scope, ScopedFacts
from nextplay.facts.span import currencies, known_too_late
from nextplay.home import Home, create_home
from nextplay.signals import expressions, months

DAY = date(2026, 3, 31)
DOLLARS = Reporting("USD", rates=(("EUR", Decimal("1.1")),))
ASKED: list[tuple[Callable[..., ibis.Table], tuple[Any, ...]]] = [
    (known_too_late, ()),
    (expressions.everyone, ()),
    (expressions.profiles, ()),
    (expressions.activity_counts, (("meeting_held", "portal_login"),)),
    (expressions.kinds_told, ()),
    (expressions.selling_days, ()),
    (expressions.sold_after, (60, 60)),
    (expressions.deal_counts, ()),
    (expressions.qualified, ()),
    (expressions.opened, ()),
    (expressions.deal_sizes, ()),
    (expressions.revenue_sums, ()),
    (expressions.people, ()),
    (expressions.lead_sellers, ()),
    (expressions.people_seen, ()),
    (expressions.responses, ()),
    (months.activities_by_month, (0, 24)),
    (months.deals_by_month, (24,)),
]
_MADE = re.compile(r"MAKE_TIMESTAMP\((\d+), (\d+), (\d+), 0, 0, 0\.0\)")
_LEFT_OUT = re.compile(r'(?<=EXCLUDE \()"\w+"(?:, "\w+")*(?=\))')


class Counting:
    """A question that counts how often it was written."""

    def __init__(self) -> None:
        self.times, self.__qualname__ = 0, "Counting"

    def __call__(self, facts: ScopedFacts) -> ibis.Table:
        self.times += 1
        return expressions.kinds_told(facts)


def one_way(sql: str) -> str:
    """A text with every instant written in the same way, and what is left out in the same order."""
    alike = _MADE.sub(lambda made: f"CAST('{date(*map(int, made.groups())).isoformat()}T00:00:00' AS TIMESTAMP(6))", sql)
    return _LEFT_OUT.sub(lambda found: ", ".join(sorted(found[0].split(", "))), alike)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return create_home(tmp_path / "home")


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize(("write", "given"), ASKED, ids=[write.__name__ for write, _ in ASKED])
def test_a_question_of_any_day_says_what_one_written_for_the_day_says(
    write: Callable[..., ibis.Table], given: tuple[Any, ...], dialect: str
) -> None:
    questions = Questions(dialect)
    looked_back = Scope(as_of=DAY - timedelta(days=60), past=True, known_by=DAY)
    first = ScopedFacts(replace(looked_back, as_of=date(2023, 12, 31), known_by=date(2024, 2, 29)), DOLLARS)
    questions.written(write, first, *given)
    facts = ScopedFacts(looked_back, DOLLARS)

    assert one_way(questions.written(write, facts, *given)) == one_way(compile_sql(write(facts, *given), dialect))


def test_a_text_serves_every_day_and_another_scope_is_another_question(home: Home) -> None:
    questions, asked = Questions("duckdb", home), Counting()
    for day in (DAY, DAY - timedelta(days=400), date(1990, 1, 1)):
        # It reads the 365 days that end with the day.
        assert f"{day}T00:00:00" in questions.written(asked, ScopedFacts(Scope(as_of=day + timedelta(days=364)), DOLLARS))
    assert asked.times == 1

    for scope in (Scope(as_of=DAY, past=True), Scope(as_of=DAY, past=True, known_by=DAY + timedelta(days=3))):
        questions.written(asked, ScopedFacts(scope, DOLLARS))
    questions.written(asked, ScopedFacts(Scope(as_of=DAY), Reporting("EUR")))
    assert asked.times == 4


def test_another_process_finds_the_text_and_a_narrowed_one_is_never_kept(home: Home) -> None:
    whole, narrowed = ScopedFacts(Scope(as_of=DAY), DOLLARS), ScopedFacts(Scope(as_of=DAY, segment="It's ours"), DOLLARS)
    asked, reach = Counting(), Reach(partner_id="p1")
    own = ScopedFacts(Scope(as_of=DAY, reach=reach), DOLLARS)
    text = Questions("duckdb", home).written(asked, whole)
    for facts in (narrowed, own):
        Questions("duckdb", home).written(asked, facts)

    assert Questions("duckdb", home).written(asked, whole) == text
    assert asked.times == 3
    assert [file.suffix for file in home.questions.rglob("*") if file.is_file()] == [".sql"]
    assert home.questions.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("changed", ["text", "signature", "bytes", "secret", "swapped"])
def test_a_file_that_is_not_ours_is_not_run(home: Home, changed: str) -> None:
    asked, facts = Counting(), ScopedFacts(Scope(as_of=DAY), DOLLARS)
    text = Questions("duckdb", home).written(asked, facts)
    (file,) = home.questions.rglob("*.sql")
    signature, _, rest = file.read_text(encoding="utf-8").partition("\n")
    Questions("duckdb", home).of_all_facts(currencies)
    (other,) = set(home.questions.rglob("*.sql")) - {file}
    reader = replace(home, secret_key="another") if changed == "secret" else home
    if changed == "text":
        file.write_text(f"{signature}\n{rest};", encoding="utf-8")
    elif changed == "signature":
        file.write_text(f"é{signature}\n{rest}", encoding="utf-8")
    elif changed == "bytes":
        file.write_bytes(b"\xff\xfe")
    elif changed == "swapped":
        shutil.copyfile(other, file)

    assert Questions("duckdb", reader).written(asked, facts) == text
    assert asked.times == 2


def test_only_a_function_with_a_name_of_its_own_is_a_question() -> None:
    with pytest.raises(TypeError, match="lambda"):
        Questions("duckdb").written(lambda facts: facts.partners, ScopedFacts(Scope(as_of=DAY), DOLLARS))


def test_texts_of_earlier_code_go_and_where_nothing_can_be_kept_the_answer_is_the_same(home: Home) -> None:
    (home.questions / "earlier").mkdir(parents=True)
    (home.questions / "earlier" / "one.sql").touch()
    asked, facts = Counting(), ScopedFacts(Scope(as_of=DAY), DOLLARS)
    text = Questions("duckdb", home).written(asked, facts)
    assert len(list(home.questions.iterdir())) == 1

    shutil.rmtree(home.questions)
    home.questions.touch()
    assert Questions("duckdb", home).written(asked, facts) == text
