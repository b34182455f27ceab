"""A program file says what differs from the shipped one; what is wrong is said with its line and what is accepted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from nextplay.facts.sample.program import sample_program_text
from nextplay.program.load import ProgramError, default_program, default_text, load_program, program_schema, read_program

# A library of one play that only pauses; what is put in is its hours.
PAUSE = (
    "plays: [{{name: rest, label: Rest, description: x, verdict: stop, {}, eligibility: [], "
    "prior: {{with_play: 0.1, without: 0.1}}, "
    "steps: [{{name: Look again, day: 60, turn: us}}], "
    "outcome: {{name: A deal, predicate: {{event: deal_opened, window_days: 90}}}}}}]\n"
)


def _problem(text: str) -> str:
    with pytest.raises(ProgramError) as caught:
        read_program(text, "my.yaml")
    return str(caught.value)


def test_a_file_that_names_nothing_is_the_shipped_program() -> None:
    assert read_program("", "my.yaml") == default_program()
    assert read_program("# only a comment\n", "my.yaml").version == default_program().version


def test_mappings_merge_and_lists_replace() -> None:
    read = read_program("chance: {seed: 7}\nsegments: [{name: One}]\n", "my.yaml")
    assert read.chance.seed == 7
    assert read.chance.holdout_share == default_program().chance.holdout_share
    assert [segment.name for segment in read.segments] == ["One"]
    assert read.plays == default_program().plays


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("name: x\ncurrency: usd\n", ["my.yaml, line 2: currency: write a three-letter code such as USD (got 'usd')."]),
        ("chance:\n  sead: 1\n", ["line 2", "Did you mean seed?", "Accepted: "]),
        ("nmae: x\n", ["line 1", "Did you mean name?"]),
        ("chance:\n  holdout_share: 2\n", ["line 2", "a number of at most 1", "(got 2)"]),
        ("partner_page:\n  customer:\n    region: maybe\n", ["line 3", "region", "'open' or 'closed'", "(got 'maybe')"]),
        ("partner_page:\n  customer:\n    phone: open\n", ["line 3", "Accepted: ", "deal_amount"]),
        ("partner_page: {link_days: 0}\n", ["line 1", "a number of at least 1"]),
        ("managers_see: some\n", ["line 1", "'portfolio' or 'all'"]),
        ("name: 2026-01-01\n", ["line 1", "write text"]),
        ("name: x\nname: y\n", ["line 2", "is named twice"]),
        ("chance:\n\tseed: 1\n", ["line 2", "a tab"]),
        ("- a\n- b\n", ["line 1", "is a mapping"]),
        ("name: [\n", ["not valid YAML"]),
        ("plays: []\n", ["line 1", "plays", "at least one"]),
        (PAUSE.format("hours: 3"), ["at most 1 hour", "it is there to free hours"]),
        (PAUSE.format("hours: 0, effect: {adds: {selling: 1}}"), ["promises nothing"]),
        (PAUSE.format("hours: 0").replace("turn: us", "turn: partner"), ["asks nothing of the partner"]),
        (PAUSE.format("hours: 0").replace("verdict: stop", "verdict: invest"), ["a play takes hours"]),
        (PAUSE.format("hours: 0"), ["at least one that is no pause"]),
        ("rates: {EUR: 0}\n", ["line 1", "a number above 0"]),
        ("segments: [{name: A}, {name: A}]\n", ["segment named twice: A"]),
        (
            "rubric: {capacity: [{name: headcount, label: Headcount, weight: 1, zero: 5, full: 5, gap: small}]}\n",
            ["line 1", "criterion headcount: `zero` and `full` must differ"],
        ),
        (
            "rubric:\n  capacity:\n  - name: charm\n    label: Charm\n    weight: 1\n    zero: 0\n    full: 5\n    gap: dull\n",
            ["line 3: rubric.capacity.0.name: write one of ", "'headcount'", "(got 'charm')"],
        ),
        (
            "strengths:\n- name: wins\n  label: Wins\n  description: x\n  criterion: charm\n",
            ["line 5: strengths.0.criterion: write one of ", "'win_rate'", "(got 'charm')"],
        ),
        (
            "rubric: {capability: []}\nstrengths:\n- name: wins\n  label: Wins\n  description: x\n  criterion: win_rate\n",
            ["line 6: strengths.0.criterion: the rubric does not name 'win_rate'. Accepted: commitments_kept"],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, sentences: list[str]) -> None:
    problem = _problem(text)
    assert all(sentence in problem for sentence in sentences), problem


def test_every_problem_is_told_at_once() -> None:
    assert len(_problem("currency: usd\nmanagers_see: some\n").splitlines()) == 2


def test_aliases_that_would_unfold_without_end_are_refused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))
    assert "line 2: *a refers to another place" in _problem(bomb)


def test_a_huge_or_deep_file_is_refused() -> None:
    assert "at most 1,000,000" in _problem("#" * 1_000_001)
    assert "my.yaml" in _problem("name: " + "[" * 5000)


@pytest.mark.parametrize(("written", "meant"), [("on", True), ("yes", True), ("off", False), ("no", False), ("true", True)])
def test_yes_and_no_are_read_in_every_spelling(written: str, meant: bool) -> None:
    listed = f"definitions:\n  active:\n    - {{name: a, label: A, revenue: {written}}}\n"
    assert read_program(listed, "my.yaml").definitions.active[0].revenue is meant


def test_norway_stays_a_name() -> None:
    assert read_program("icp: {regions: {NO: 1}}\n", "my.yaml").icp.regions == {"NO": 1}
    assert read_program("name: no\n", "my.yaml").name == "no"


def test_a_file_that_is_not_there_or_not_text_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="cannot be read"):
        load_program(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: Zoë".encode("latin-1"))
    with pytest.raises(ProgramError, match="not UTF-8"):
        load_program(tmp_path / "latin.yaml")


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    schema = program_schema()
    Draft202012Validator.check_schema(schema)
    for text in (default_text(), sample_program_text()):
        Draft202012Validator(schema).validate(YAML(typ="safe").load(text))


def test_the_schema_refuses_an_unknown_key() -> None:
    assert not Draft202012Validator(program_schema()).is_valid({"nmae": "x"})


@given(seed=st.integers(-1000, 1000), hours=st.floats(0, 1000), name=st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_what_is_named_is_what_is_read_and_nothing_else_moves(seed: int, hours: float, name: str) -> None:
    read = read_program(f'name: "{name}"\nchance: {{seed: {seed}}}\ncapacity: {{default_hours: {hours!r}}}\n', "my.yaml")
    assert (read.name, read.chance.seed, read.capacity.default_hours) == (name, seed, hours)
    kept = {"name", "chance", "capacity"}
    assert read.model_dump(exclude=kept) == default_program().model_dump(exclude=kept)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    refused: ProgramError | None = None
    try:
        read_program(text, "my.yaml")
    except ProgramError as error:
        refused = error
    assert refused is None or str(refused).startswith("my.yaml")


@given(st.permutations(["name: x", "currency: EUR", "managers_see: all", "rates: {USD: 0.9}"]))
def test_the_order_of_a_file_does_not_matter(lines: list[str]) -> None:
    assert read_program("\n".join(lines), "a").version == read_program("\n".join(sorted(lines)), "b").version


def test_a_rubric_of_its_own_leaves_the_shipped_strengths_that_it_bears_out() -> None:
    read = read_program("rubric: {capability: []}\n", "my.yaml")
    kept = {one.criterion for one in read.strengths}
    assert "win_rate" not in kept
    assert "commitments_kept" in kept


def test_a_list_whose_one_entry_is_wrong_is_not_said_to_be_empty_too() -> None:
    play = default_text().partition("plays:")[2].partition("\n  - name: reactivation")[2].partition("\n  - name:")[0]
    text = f"plays:\n  - name: reactivation{play}\n".replace("leaves: 0.3", "leaves: 1.3")
    with pytest.raises(ProgramError) as told:
        read_program(text, "f")
    assert "leaves: write a number of at most 1.0" in str(told.value)
    assert len(str(told.value).splitlines()) == 1
