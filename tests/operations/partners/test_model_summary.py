"""A model retells what is new to it, once; without one, or when it fails, the built-in summary stands."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nextplay.facts.warehouse import move_version
from nextplay.home import create_home, open_home
from nextplay.operations.admin.doctor import doctor
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import Asked, analyze
from nextplay.operations.partners.partner_analysis import partner_analysis
from nextplay.operations.partners.partner_summary import Summary, partner_summary
from tests.analysis.llm.server import ModelServer, Reply, model_server, packet_of
from tests.stories import activity, document, load, partner

pytestmark = pytest.mark.django_db

PROMISE = "We will send you five names by Friday."


def _retold(body: dict[str, Any], _turn: int) -> Reply:
    packet = packet_of(body)
    name = "criterion:headcount"
    quotes = [{"document": one["id"], "text": PROMISE} for one in packet["documents"]]
    return Reply(json.dumps({"summary": [{"text": packet["evidence"][name], "evidence": [name]}], "quotes": quotes}))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A well-behaved model."""
    with model_server(_retold) as running:
        yield running


def _opened(path: Path, lines: dict[str, str]) -> Installation:
    create_home(path)
    with (path / "settings.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'{key} = "{value}"\n' for key, value in lines.items())
    (path / "program.yaml").write_text("rubric: {read_also: [commits_to_date]}\n", encoding="utf-8")
    return Installation(open_home(path, {}))


def _with_facts(path: Path, now: datetime, lines: dict[str, str]) -> Installation:
    opened = _opened(path, lines)
    at = now.replace(tzinfo=None) - timedelta(days=3)
    load(opened.warehouse, "partners", partner("p1", employee_count=40), partner("p2", employee_count=8))
    load(opened.warehouse, "activities", *(activity(one, "deal_registered", at) for one in ("p1", "p2")))
    load(opened.warehouse, "documents", document("d1", "p1", f"Hello. {PROMISE}", written_at=at))
    return opened


def _summary(installation: Installation, partner_id: str) -> Summary:
    found = partner_analysis(installation, partner_id)
    assert found is not None
    return partner_summary(installation, partner_id, found)


def test_without_a_model_every_sentence_of_the_summary_carries_its_evidence(tmp_path: Path, now: datetime) -> None:
    opened = _with_facts(tmp_path / "home", now, {})
    report = analyze(opened, now=now)
    assert report.model == {"state": "off", "told": []}
    summary = _summary(opened, "p1")
    assert summary.analyst == "built-in"
    assert all(sentence.evidence for sentence in summary.sentences)
    quoted = next(sentence for sentence in summary.sentences if PROMISE in sentence.text)
    assert quoted.evidence == (f"quote:d1:7-{7 + len(PROMISE)}",)
    opened.close()


def test_a_model_retells_once_and_again_only_when_something_is_new(tmp_path: Path, now: datetime, server: ModelServer) -> None:
    opened = _with_facts(tmp_path / "home", now, server.settings)
    first = analyze(opened, now=now).model
    assert (first["state"], first["answered"], first["sentences"], first["quotes"]) == ("done", 2, 2, 1)
    told = _summary(opened, "p1")
    assert told.analyst == "openai:test-model"
    assert [one.text for one in told.quotes] == [PROMISE]
    again = analyze(opened, now=now + timedelta(hours=1)).model
    assert (again["asked"], again["known"]) == (0, 2)
    load(opened.warehouse, "documents", document("d2", "p2", "A new note."))
    third = analyze(opened, now=now + timedelta(hours=2), asked=Asked(partner_id="p2")).model
    assert third["asked"] == 1
    opened.close()


def test_a_models_words_are_shown_only_while_it_is_in_force_and_the_texts_are_the_same(
    tmp_path: Path, now: datetime, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _with_facts(tmp_path / "home", now, server.settings)
    analyze(opened, now=now)
    assert _summary(opened, "p1").analyst == "openai:test-model"
    monkeypatch.setenv("NEXTPLAY_MODEL", "openai:another")
    assert _summary(opened, "p1").analyst == "built-in"
    monkeypatch.delenv("NEXTPLAY_MODEL")
    with opened.warehouse.transaction() as change:
        change.execute("UPDATE documents SET text = 'They will send nothing.'")
    assert _summary(opened, "p1").analyst == "built-in"
    opened.close()


def test_a_run_over_several_partners_asks_again_where_a_text_is_new(tmp_path: Path, now: datetime, server: ModelServer) -> None:
    opened = _with_facts(tmp_path / "home", now, server.settings)
    analyze(opened, now=now)
    later = now.replace(tzinfo=None) + timedelta(hours=1)
    # It says nothing that a criterion counts: the reading stays the same.
    note = document("d2", "p2", "A new note.", written_at=now.replace(tzinfo=None) - timedelta(days=1), observed_at=later)
    load(opened.warehouse, "documents", note)
    again = analyze(opened, now=now + timedelta(hours=2)).model
    assert (again["asked"], again["known"]) == (1, 1)
    assert _summary(opened, "p2").analyst == "openai:test-model"
    opened.close()


def test_a_run_over_several_partners_asks_again_where_a_text_is_gone_or_changed(
    tmp_path: Path, now: datetime, server: ModelServer
) -> None:
    opened = _with_facts(tmp_path / "home", now, server.settings)
    load(opened.warehouse, "documents", *(document(f"more{n}", "p2", f"Note {n}.") for n in (1, 2)))
    analyze(opened, now=now)
    for hours, change in enumerate(
        (
            "DELETE FROM documents WHERE document_id = 'more1'",
            "UPDATE documents SET text = 'Else.' WHERE document_id = 'more2'",
        ),
        start=1,
    ):
        with opened.warehouse.transaction() as written:
            written.execute(change)
            move_version(written, "facts")
        again = analyze(opened, now=now + timedelta(hours=hours)).model
        assert (again["asked"], again["known"]) == (1, 1)
    assert analyze(opened, now=now + timedelta(hours=3)).model["asked"] == 0
    opened.close()


def test_scores_and_the_built_in_summary_stand_when_the_model_fails(tmp_path: Path, now: datetime) -> None:
    with model_server(lambda _body, _turn: Reply(status=401)) as server:
        opened = _with_facts(tmp_path / "home", now, server.settings)
        report = analyze(opened, now=now)
    assert report.model["state"] == "failed"
    assert report.account.partners_read == 2
    assert _summary(opened, "p1").analyst == "built-in"
    said = " ".join(report.model["told"])
    assert "refuses the key" in said
    assert "The built-in summary stands." in said
    opened.close()


def test_a_wrong_setting_fails_the_model_and_nothing_else(tmp_path: Path, now: datetime) -> None:
    opened = _with_facts(tmp_path / "home", now, {"model": "openai:m", "model_timeout": "soon"})
    report = analyze(opened, now=now)
    assert report.model["state"] == "failed"
    assert "NEXTPLAY_MODEL_TIMEOUT" in report.model["told"][0]
    assert not next(check for check in doctor(opened, now=now).checks if check.name == "language model").well
    opened.close()


def test_the_doctor_says_whether_the_model_is_there(tmp_path: Path, now: datetime, server: ModelServer) -> None:
    def check(name: str, lines: dict[str, str]) -> Any:
        opened = _opened(tmp_path / name, lines)
        found = [one for one in doctor(opened, now=now).checks if one.name == "language model"]
        opened.close()
        return found[0] if found else None

    assert check("off", {}) is None
    assert check("there", server.settings).well
    assert not server.asked
    away = check("away", {"model": "openai:m", "model_url": "http://127.0.0.1:9/v1"})
    assert not away.well
    assert "does not answer" in away.says
    keyless = check("keyless", {"model": "anthropic:m"})
    assert "NEXTPLAY_MODEL_KEY is not set" in keyless.says
