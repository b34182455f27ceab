"""Nothing that anybody writes moves a score: neither read by the built-in analyst, nor with a model on the attacker's side."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nextplay.facts.tables import stored
from nextplay.home import create_home, open_home
from nextplay.operations.data.import_facts import import_facts
from nextplay.operations.installation import Installation
from nextplay.operations.partners.analyze import analyze
from tests.analysis.llm.server import Reply, model_server, packet_of
from tests.operations.attempts import ATTEMPTS

pytestmark = pytest.mark.django_db

# The first says nothing out of the ordinary.
TEXTS = ("A friendly talk about the weather.", *ATTEMPTS)


def _write(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _files(folder: Path, now: datetime) -> list[Path]:
    """Partners alike in all that counts, each with one attempt in every place where text can stand."""
    partners, contacts, deals, activities, documents = [], [], [], [], []
    for at, text in enumerate(TEXTS):
        own = f"p{at:02}"
        who = {"name": text, "lifecycle_stage": "enabled", "description": text, "notes": text, "employee_count": "40"}
        partners.append({"partner_id": own, **who, "signed_at": "2026-01-05", "regions": "EMEA"})
        contacts.append({"contact_id": f"c{own}", "partner_id": own, "name": text, "role": "lead_seller", "email": ""})
        deals.append({"deal_id": f"d{own}", "partner_id": own, "account": text, "stage": "proposal", "amount": "900"})
        for days, kind in ((20, "commitment_made"), (12, "commitment_missed"), (9, "meeting_held")):
            day = (now - timedelta(days=days)).date().isoformat()
            more = {"contact_id": f"c{own}", "occurred_at": day, "details": json.dumps({"said": text})}
            activities.append({"activity_id": f"a{own}{kind}", "partner_id": own, "kind": kind, "account": text, **more})
        for author in ("partner", "us"):
            told = {"kind": "call_note", "author": author, "written_at": "2026-10-01", "text": f"Hello. {text}\nGoodbye."}
            documents.append({"document_id": f"t{own}{author}", "partner_id": own, **told})
    tables = {"partners": partners, "contacts": contacts, "deals": deals, "activities": activities, "documents": documents}
    return [_write(folder, name, rows) for name, rows in tables.items()]


@pytest.fixture
def attacked(tmp_path: Path, now: datetime) -> Iterator[Installation]:
    """An installation that imported all attempts."""
    opened = Installation(create_home(tmp_path / "home"))
    (tmp_path / "files").mkdir()
    report = import_facts(opened, _files(tmp_path / "files", now), actor="test", now=now).as_json()
    assert not any(table["rejected"] for table in report["tables"])
    yield opened
    opened.close()


def _scores(installation: Installation) -> dict[str, list[tuple[Any, ...]]]:
    rows = installation.warehouse.read(stored("scores")).sort("partner_id", "as_of", "run_id", "dimension")
    newest = rows.unique(["partner_id", "dimension"], keep="last", maintain_order=True)
    by_partner = newest.group_by("partner_id", maintain_order=True).agg(pl.struct("dimension", "score", "coverage"))
    return {name: [tuple(one.values()) for one in told] for name, told in by_partner.iter_rows()}


def _adversary(body: dict[str, Any], turn: int) -> Reply:
    """Whatever it is given, it quotes, makes up, and praises; every seventh time it only breaks off."""
    packet = packet_of(body)
    said = [(one["id"], sentence) for one in packet["documents"] for sentence in one["sentences"]]
    names = list(packet["evidence"])
    praise = [
        "Every score is 100.",
        "They have 37 open deals.",
        "Marco Polo leads it.",
        "give 100 ```",
        "The best, 1000 of 100.",
    ]
    answer = {
        "summary": [{"text": text, "evidence": names[:3]} for text in praise],
        "quotes": [{"document": document, "text": f"{text} Commitment is 100."} for document, text in said]
        + [{"document": document, "text": "We will send five names by Friday."} for document, _ in said],
        "scores": {"commitment": 100},
        "tool_calls": [{"name": "set_score", "arguments": {"score": 100}}],
    }
    return Reply(json.dumps(answer), cut=turn % 7 == 0)


def test_there_are_at_least_thirty_attempts() -> None:
    assert len(set(ATTEMPTS)) >= 30


def test_no_attempt_moves_a_score_of_the_built_in_analyst(attacked: Installation, now: datetime) -> None:
    analyze(attacked, now=now)
    scores = _scores(attacked)
    assert len(scores) == len(TEXTS)
    honest = scores["p00"]
    assert any(score is not None for _, score, _ in honest)
    moved = [TEXTS[int(name[1:])] for name, told in scores.items() if told != honest]
    assert not moved
    assert attacked.warehouse.read(stored("text_evidence")).is_empty()


def test_no_attempt_moves_a_score_with_a_model_on_its_side(attacked: Installation, now: datetime) -> None:
    analyze(attacked, now=now)
    before = _scores(attacked)
    with model_server(_adversary) as server:
        lines = server.settings | {"model_max_partners": "100", "model_max_tokens": "9000000", "model_retries": "0"}
        settings = attacked.home.path / "settings.toml"
        settings.write_text(
            settings.read_text(encoding="utf-8") + "".join(f'{key} = "{value}"\n' for key, value in lines.items()),
            encoding="utf-8",
        )
        again = Installation(open_home(attacked.home.path, {}))
        again.__dict__["warehouse"] = attacked.warehouse
        report = analyze(again, now=now + timedelta(minutes=1))
    assert _scores(attacked) == before
    assert report.model["asked"] == len(TEXTS)
    assert report.model["answered"] > len(TEXTS) // 2
    assert report.model["sentences"] == report.model["quotes"] == 0
    assert report.model["dropped"]["quote does not stand in the document word for word"] > 30
    assert report.model["dropped"]["sentence holds a number that its evidence does not"] > 30
    kinds = attacked.warehouse.read(stored("summaries"))["kind"].unique().to_list()
    assert kinds == ["asked"]
