"""Whose rows each change of the facts touched, so that only they need be looked at again.

Written within the change itself, for the version that it makes. One that nobody wrote it for counts as touching everybody.
"""

import polars as pl

from nextplay.facts.engines import Transaction
from nextplay.facts.tables import stored
from nextplay.facts.warehouse import Version, Warehouse, move_version

# A change that touches more of the partners than this is as good as one that touches all.
_MANY = 4
_NEXT = "(SELECT number + 1 FROM nextplay_versions WHERE part = 'facts')"
# Partners of rows, where the rows do not name them themselves. `{rows}` is a query of rows of the table.
_PARTNERS_OF = {
    "accounts": "SELECT d.partner_id FROM deals d JOIN ({rows}) t ON d.account = t.account",
    "changes": (
        "SELECT t.entity_id AS partner_id FROM ({rows}) t WHERE t.entity = 'partner' UNION ALL "
        "SELECT d.partner_id FROM deals d JOIN ({rows}) t ON t.entity = 'deal' AND d.deal_id = t.entity_id"
    ),
}
_OWN = "SELECT t.partner_id FROM ({rows}) t"
# What a query of rows must give, by table.
_NAMED_BY = {"accounts": ("account",), "changes": ("entity", "entity_id")}


def named_by(table: str) -> tuple[str, ...]:
    """The columns of a table that say whose its rows are."""
    return _NAMED_BY.get(table, ("partner_id",))


def touch(transaction: Transaction, table: str, rows: str, parameters: tuple[object, ...] = ()) -> None:
    """Note whose rows of a table these are: a query that gives at least the columns of `named_by`."""
    partners = _PARTNERS_OF.get(table, _OWN).format(rows=rows)
    transaction.execute(
        f"INSERT INTO partners_touched (partner_id, facts) "
        f"SELECT DISTINCT p.partner_id, {_NEXT} FROM ({partners}) p WHERE p.partner_id IS NOT NULL",
        parameters,
    )


def touch_everybody(transaction: Transaction) -> None:
    """Note that the change under way touches everybody."""
    transaction.execute(f"INSERT INTO facts_changes (facts, everybody) SELECT {_NEXT}, TRUE")


def move_facts(transaction: Transaction, *, entered: bool = False) -> None:
    """Move the version of the facts, after whoever is touched was noted; `entered`: by what people entered here alone."""
    touched = f"(SELECT count(DISTINCT partner_id) FROM partners_touched WHERE facts = {_NEXT})"
    many = f"SELECT {touched} * {_MANY} > (SELECT count(*) FROM partners)"
    if transaction.execute(f"SELECT 1 FROM facts_changes WHERE facts = {_NEXT}") or transaction.execute(many)[0][0]:
        transaction.execute(f"DELETE FROM partners_touched WHERE facts = {_NEXT}")
        transaction.execute(f"DELETE FROM facts_changes WHERE facts = {_NEXT}")
        touch_everybody(transaction)
    else:
        transaction.execute(f"INSERT INTO facts_changes (facts, everybody) SELECT {_NEXT}, FALSE")
    move_version(transaction, "facts", entered=entered)


def all_told_since(warehouse: Warehouse, version: int, now: Version) -> bool:
    """Whether of every change after a version of the facts it is known whom it touched, and none touched everybody."""
    changes = stored("facts_changes")
    told = warehouse.read(changes.filter(changes.facts > version))
    known = told.filter(~pl.col("everybody") & (pl.col("facts") <= now.facts))
    return version <= now.facts and known.height == now.facts - version


def forget_until(transaction: Transaction, version: int) -> None:
    """Who was touched up to a version of the facts was looked at."""
    for name in ("partners_touched", "facts_changes"):
        transaction.execute(f"DELETE FROM {name} WHERE facts <= ?", (version,))
