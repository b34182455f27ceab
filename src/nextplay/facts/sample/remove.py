"""Finds the sample program among facts, and takes it out; what somebody else's file brought stays."""

import ibis.expr.types as ir
import polars as pl

from nextplay.facts.engines import Transaction
from nextplay.facts.sample.people import account_frame
from nextplay.facts.sample.program import SEED
from nextplay.facts.tables import STORED, stored
from nextplay.facts.warehouse import move_version

# Partners of the sample have an invented domain, under a name that nobody can register, and an id of the roster's shape.
_DOMAIN, _ID = ".example", "PTR-"
_GONE = "sample_{}"


def sample_partners() -> ir.Table:
    """Ids of the sample's partners that the facts hold."""
    partners = stored("partners")
    return partners.filter(partners.domain.endswith(_DOMAIN) & partners.partner_id.startswith(_ID)).select("partner_id")


def remove_sample_facts(transaction: Transaction) -> int:
    """Take out every row of the sample's partners, its direct deals, and its customers nobody else sells to.

    Moves both versions. Returns how many partners went.
    """
    partners = transaction.read(sample_partners())
    accounts = account_frame(SEED).select("account")
    _mark(transaction, "partner", partners["partner_id"])
    _mark(transaction, "account", accounts["account"])
    deals = transaction.execute(
        "SELECT deal_id FROM deals WHERE partner_id IN (SELECT id FROM sample_partner) "
        "OR (partner_id IS NULL AND account IN (SELECT id FROM sample_account))"
    )
    _mark(transaction, "deal", pl.Series([one for (one,) in deals], dtype=pl.String))
    documents = transaction.execute("SELECT document_id FROM documents WHERE partner_id IN (SELECT id FROM sample_partner)")
    _mark(transaction, "document", pl.Series([one for (one,) in documents], dtype=pl.String))
    for table, test in _tests():
        transaction.execute(f"DELETE FROM {table} WHERE {test}")
    for name in ("partner", "account", "deal", "document"):
        transaction.execute(f"DROP TABLE {_GONE.format(name)}")
    move_version(transaction, "facts")
    move_version(transaction, "analysis")
    return partners.height


def _tests() -> list[tuple[str, str]]:
    """Which rows of each table go; customers last, for they go where no deal is left."""
    of_deals = "deal_id IN (SELECT id FROM sample_deal)"
    of_partners = "partner_id IN (SELECT id FROM sample_partner)"
    tests = [
        ("changes", "entity = 'partner' AND entity_id IN (SELECT id FROM sample_partner)"),
        ("changes", "entity = 'deal' AND entity_id IN (SELECT id FROM sample_deal)"),
        ("texts_read", "document_id IN (SELECT id FROM sample_document)"),
        ("revenue", of_deals),
        ("deals", of_deals),
        ("validity_reports", "TRUE"),
    ]
    tests += [(name, of_partners) for name, schema in STORED.items() if "partner_id" in schema and name != "deals"]
    kept = "SELECT account FROM deals WHERE account IS NOT NULL"
    return [
        *tests,
        ("analysis_runs", "run_id NOT IN (SELECT run_id FROM scores)"),
        ("analysis_bases", "run_id NOT IN (SELECT run_id FROM analysis_runs)"),
        ("refreshes", "run_id NOT IN (SELECT run_id FROM analysis_runs)"),
        ("accounts", f"account IN (SELECT id FROM sample_account) AND account NOT IN ({kept})"),
    ]


def _mark(transaction: Transaction, name: str, ids: pl.Series) -> None:
    transaction.execute(f"CREATE TEMPORARY TABLE {_GONE.format(name)} (id text)")
    rows = ids.cast(pl.String).alias("id").to_frame()
    transaction.append(_GONE.format(name), rows.to_arrow(compat_level=pl.CompatLevel.oldest()))
