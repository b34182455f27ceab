"""Has the language model analyst, where one is configured, retell summaries of partners; no score is its business."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import polars as pl

from nextplay.analysis.llm.answer import Kept
from nextplay.analysis.llm.packet import Packet
from nextplay.analysis.llm.run import ModelAccount, retell
from nextplay.analysis.llm.settings import ModelSettings, WrongModelSetting, model_settings
from nextplay.analysis.store import latest_readings
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Warehouse
from nextplay.operations.installation import Installation
from nextplay.operations.partners.partner_analysis import partner_analysis
from nextplay.operations.partners.partner_summary import own_summary, packet_of
from nextplay.values.digests import text_digest
from nextplay.values.period import naive_utc
from nextplay.values.progress import Progress, silent

OFF: dict[str, Any] = {"state": "off", "told": []}


def retell_summaries(
    installation: Installation,
    partners: Callable[[], Sequence[str]],
    *,
    run_id: str,
    now: datetime,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Ask about partners whose evidence or texts are new to the model. Answers the account, plain values only."""
    try:
        settings = model_settings(installation.home.held)
    except WrongModelSetting as error:
        return told_of({"state": "failed", "says": str(error)})
    if settings is None:
        return OFF
    account = ModelAccount(settings.name)
    packets = _packets(installation, partners(), settings, account)
    for told, kept in retell(settings, packets, account, progress):
        _keep(installation, settings, told, kept, run_id=run_id, now=now)
    return told_of(account.as_json())


def told_of(model: Mapping[str, Any]) -> dict[str, Any]:
    """An account with the sentences that tell it, under `told`."""
    return {**model, "told": _sentences(model)}


def _sentences(model: Mapping[str, Any]) -> list[str]:
    if "model" not in model:
        return [f"Language model: not asked. {model['says']} Scores and summaries are the built-in ones."]
    counted = f"asked about {model['asked']:,}, answered {model['answered']:,}, known {model['known']:,}"
    kept = f"kept {model['sentences']:,} sentences and {model['quotes']:,} quotes"
    cost = "not known" if model["cost_usd"] is None else f"{float(model['cost_usd']):.4f} US dollars"
    said = [
        f"Language model {model['model']}: {counted}; {kept}.",
        f"It took {model['tokens_in'] + model['tokens_out']:,} tokens; cost: {cost}. No score rests on it.",
    ]
    if model["tokens_lost"]:
        said.append(f"Requests without an answer took up to {model['tokens_lost']:,} more tokens; the limits count them in.")
    said += [f"Dropped: {times:,} because a {why}." for why, times in model["dropped"].items()]
    if model["state"] != "done":
        said.append(f"{model['state'].capitalize()}: {model['says']} The built-in summary stands.")
    if model["not_asked"]:
        said.append(f"Not asked about: {model['not_asked']:,} partners, who keep the built-in summary.")
    return said


def _packets(
    installation: Installation, partners: Sequence[str], settings: ModelSettings, account: ModelAccount
) -> Iterator[Packet]:
    """One a partner, by id; one more than may be asked about, so that the account can say that a limit was reached."""
    waiting = _not_told_of(installation, partners, settings) if len(partners) > 1 else list(partners)
    account.known += len(partners) - len(waiting)
    room = settings.max_partners + 1
    for at, partner_id in enumerate(waiting, start=1):
        made = _packet(installation, partner_id)
        if made is not None and _known(installation, settings, made):
            account.known += 1
        elif made is not None:
            yield made
            room -= 1
        if not room:
            account.not_asked += len(waiting) - at
            return


def _not_told_of(installation: Installation, partners: Sequence[str], settings: ModelSettings) -> list[str]:
    """Those whose newest reading, or whose texts as they are now, the model was not asked about yet, by id."""
    rows, warehouse = stored("summaries"), installation.warehouse
    told = rows.filter((rows.analyst == settings.name) & (rows.kind == "asked"))
    asked_about = latest_readings().inner_join(told, {"partner_id": "partner_id", "run_id": "reading"})
    same = warehouse.read(asked_about.select("partner_id", "evidence")).join(
        _texts_of(warehouse, asked_about[["partner_id"]]), on="partner_id", how="left"
    )
    known = same.filter(pl.col("evidence") == pl.col("texts").fill_null("[]"))
    waiting = warehouse.read(latest_readings()[["partner_id"]]).join(known, on="partner_id", how="anti")
    asked = pl.DataFrame({"partner_id": list(partners)}, schema={"partner_id": pl.String})
    return asked.join(waiting, on="partner_id", how="semi")["partner_id"].sort().to_list()


def _texts_of(warehouse: Warehouse, partners: ir.Table) -> pl.DataFrame:
    """`partner_id` and `texts`: a JSON list with one digest of all that is written of a partner, as it is now."""
    documents = stored("documents").semi_join(partners, "partner_id")
    rows = documents.inner_join(stored("texts_read"), "document_id").select("partner_id", "document_id", "digest")
    each = warehouse.read(rows).sort("partner_id", "document_id").with_columns(one=pl.concat_str("document_id", "digest"))
    joined = each.group_by("partner_id").agg(pl.col("one").str.join("|"))
    return joined.select("partner_id", texts=pl.col("one").map_elements(_listed, return_dtype=pl.String))


def _listed(texts: str) -> str:
    return json.dumps([str(text_digest(texts))])


def _packet(installation: Installation, partner_id: str) -> Packet | None:
    analysis = partner_analysis(installation, partner_id)
    if analysis is None:
        return None
    return packet_of(installation, partner_id, analysis, own_summary(installation, partner_id, analysis))


def _known(installation: Installation, settings: ModelSettings, made: Packet) -> bool:
    rows = stored("summaries")
    same = (rows.partner_id == made.partner_id) & (rows.digest == made.digest) & (rows.analyst == settings.name)
    return not installation.warehouse.read(rows.filter(same & (rows.reading == made.reading)).limit(1)).is_empty()


def _keep(installation: Installation, settings: ModelSettings, told: Packet, kept: Kept, *, run_id: str, now: datetime) -> None:
    """Also an answer of which nothing passed is remembered: the same question would get the same one."""
    mine = stored("partners").filter(lambda table: table.partner_id == told.partner_id)[["partner_id"]]
    texts = _texts_of(installation.warehouse, mine)["texts"]
    rows: list[tuple[str, str, list[str]]] = [("asked", told.digest, json.loads(texts.item()) if len(texts) else [])]
    rows += [("sentence", one.text.strip(), list(one.evidence)) for one in kept.sentences]
    rows += [("quote", one.text, [f"quote:{one.document_id}:{one.start}-{one.end}"]) for one in kept.quotes]
    frame = pl.DataFrame(
        {
            "kind": [kind for kind, _, _ in rows],
            "text": [text for _, text, _ in rows],
            "evidence": [json.dumps(evidence) for _, _, evidence in rows],
            "position": range(len(rows)),
        },
        schema_overrides={"position": pl.Int64},
    ).with_columns(
        run_id=pl.lit(run_id),
        partner_id=pl.lit(told.partner_id),
        reading=pl.lit(told.reading),
        digest=pl.lit(told.digest),
        analyst=pl.lit(settings.name),
        told_at=pl.lit(naive_utc(now)),
    )
    with installation.warehouse.transaction() as transaction:
        transaction.append("summaries", frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
