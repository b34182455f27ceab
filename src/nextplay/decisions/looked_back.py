"""Past cases of drop-off: who was selling on a day whose 60 days are over, and who sold in them."""

import polars as pl

from nextplay.signals.names import KINDS

# More are not needed to tell one figure from another; and partners that they are looked for among.
MOST_CASES, MOST_LOOKED_AT = 20_000, 50_000


def cases_of(then: pl.DataFrame, sold_after: pl.Series) -> pl.DataFrame | None:
    """The cases, with `sold`; `then` as `signals.compute_selling` gives it, sorted by partner_id.

    None where hardly anything is known of the time before that day: whoever seems to have stopped may only have begun.
    """
    older = [pl.col(f"{stem}_180").sum() - pl.col(f"{stem}_90").sum() for stem in (*KINDS, "opened")]
    if then.is_empty() or not then.select(pl.sum_horizontal(older) > 0).item():
        return None
    selling = then.filter(pl.col("selling_90") > 0).with_columns(sold=pl.col("partner_id").is_in(sold_after.implode()))
    return selling.gather_every(max(1, -(-selling.height // MOST_CASES)))
