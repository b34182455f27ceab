"""Why a drop-off risk is what it is, in words with the numbers it rests on."""

import polars as pl

# Beyond its usual gap by this factor a partner is silent; up to one gap it is on time.
SILENT, ON_TIME = 1.5, 1.0
# So many selling days make no rhythm.
FEW_DAYS = 2


def drop_off_reason() -> pl.Expr:
    """One or two sentences from signals alone; null for partners that did not sell in the last 90 days."""
    return pl.when(pl.col("selling_90") > 0).then(pl.concat_str(_sold(), _rhythm(), _trend())).alias("drop_off_reason")


def _sold() -> pl.Expr:
    days = pl.col("selling_days_365")
    times = pl.when(days == 1).then(pl.lit("on one day")).otherwise(pl.format("on {} days", days))
    return pl.format("Sold {} in the last year, the last time {} days ago; ", times, pl.col("days_since_selling"))


def _rhythm() -> pl.Expr:
    gap, silence = pl.col("usual_gap_days").round(0).cast(pl.Int64), pl.col("silence")
    return (
        pl.when(pl.col("selling_days_365") <= FEW_DAYS)
        .then(pl.lit("too few sales for a rhythm of its own."))
        .when(silence >= SILENT)
        .then(pl.format("that is {} times its usual {} days between sales.", silence.round(1), gap))
        .when(silence >= ON_TIME)
        .then(pl.format("its usual {} days between sales are just over.", gap))
        .otherwise(pl.format("its usual {} days between sales are not over.", gap))
    )


def _trend() -> pl.Expr:
    now, before = pl.col("selling_90"), pl.col("selling_180") - pl.col("selling_90")
    fell = pl.format(" Selling events: {} in the last 90 days, {} in the 90 before.", now, before)
    return pl.when(now < before).then(fell).otherwise(pl.lit(""))
