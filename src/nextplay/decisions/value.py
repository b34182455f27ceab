"""What a deal of a partner is worth: a log-normal size, shrunk towards segment and company size (method, section 4)."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

# Pseudo-deals that stand for the segment in a partner's mean, and for the program in a segment's.
PRIOR_DEALS = 2.0
# With so many partners that have deals, the program's own scatter says how many: inside a partner over between partners.
ENOUGH_PARTNERS = 20
PRIOR_BOUNDS = (0.25, 4.0)
# Pseudo-squares that keep the slope on company size near 0 while few partners have both numbers.
SLOPE_PRIOR = 10.0
# Deals that the program's share of deals that qualify weighs as in a partner's, and a share of 1 in the program's.
PRIOR_RIPE = 4
# Where no amount is known anywhere, gains count deals.
NO_AMOUNTS = 1.0
# Of the largest deal that stands still no more counts than so many typical deals: one slip of the pen must not lead the list.
MOST_TYPICAL = 3


def typical_deal(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `typical_deal`: expected amount of the partner's next deal, in the reporting currency."""
    deals = frame["sized_deals"].cast(pl.Float64).to_numpy()
    if not deals.any():
        return frame.with_columns(typical_deal=pl.lit(NO_AMOUNTS))
    logs = frame["log_size"].fill_null(0).to_numpy()
    prior = _segment_means(frame["segment"], deals, logs) + _by_employees(frame["employee_count"], deals, logs)
    weight = prior_deals(deals, logs - prior)
    mean = (deals * logs + weight * prior) / (deals + weight)
    typical = np.exp(mean)
    # Duan's smearing: what amounts come to over what their logarithms say. Bounded, as one giant deal would lift everybody.
    smear = float(np.clip(frame["sized_value"].sum() / (deals * typical).sum(), 1, 3))
    return frame.with_columns(pl.Series("typical_deal", np.round(typical * smear, 2)))


def stands_still(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `stalled_counted`: what counts of the largest deal that stands still, 0 where its amount is not known.

    After `typical_deal`.
    """
    most = MOST_TYPICAL * pl.col("typical_deal")
    counted = pl.col("stalled_largest").cast(pl.Float64).fill_null(0).clip(0, most).round(2)
    return frame.with_columns(stalled_counted=counted)


def qualified_share(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `qualified_share`: how many of a partner's deals qualify, 0-1 to two digits (method, section 4).

    From whole numbers alone, exactly; two digits, so that a sentence which says it can be recomputed.
    """
    ripe, reached = (frame[name].fill_null(0).cast(pl.Int64) for name in ("ripe_deals_365", "qualified_deals_365"))
    usual = Fraction(int(reached.sum()) + PRIOR_RIPE, int(ripe.sum()) + PRIOR_RIPE)
    pairs = pl.DataFrame({"ripe": ripe, "reached": reached})
    told = pairs.unique().with_columns(
        pl.struct("ripe", "reached")
        .map_elements(lambda one: _to_a_hundredth(one["reached"], one["ripe"], usual), return_dtype=pl.Float64)
        .alias("share")
    )
    shares = pairs.join(told, on=["ripe", "reached"], how="left", maintain_order="left")["share"]
    return frame.with_columns(shares.alias("qualified_share"))


def _to_a_hundredth(reached: int, ripe: int, usual: Fraction) -> float:
    share = (reached + PRIOR_RIPE * usual) / (ripe + PRIOR_RIPE)
    return float(Decimal(round(share * 100)) / 100)


def prior_deals(deals: Floats, off: Floats) -> float:
    """Deals that the prior weighs as: variance of a deal inside a partner over the variance between partners.

    By moments: the square of a partner's mean off its prior is expected to be between + inside / deals.
    """
    some = deals > 0
    if some.sum() < ENOUGH_PARTNERS:
        return PRIOR_DEALS
    square, share = off[some] ** 2, 1 / deals[some]
    spread = ((share - share.mean()) ** 2).sum()
    inside = ((share - share.mean()) * (square - square.mean())).sum() / spread if spread > 0 else 0.0
    between = square.mean() - inside * share.mean()
    if between <= 0 or inside <= 0:
        return PRIOR_DEALS if between <= 0 else PRIOR_BOUNDS[0]
    return float(np.clip(inside / between, *PRIOR_BOUNDS))


def _segment_means(segments: pl.Series, deals: Floats, logs: Floats) -> Floats:
    overall = float((deals * logs).sum() / deals.sum())
    _, place = np.unique(segments.fill_null("").to_numpy().astype(str), return_inverse=True)
    weight, total = np.bincount(place, deals), np.bincount(place, deals * logs)
    means: Floats = ((total + PRIOR_DEALS * overall) / (weight + PRIOR_DEALS))[place]
    return means


def _by_employees(employees: pl.Series, deals: Floats, logs: Floats) -> Floats:
    """Deviation that company size explains, by a ridge slope over partners with both numbers; 0 for the others."""
    people = employees.fill_null(0).to_numpy()
    known = people > 0
    both = known & (deals > 0)
    if both.sum() < 10:
        return np.zeros(len(people))
    size = np.where(known, np.log(np.where(known, people, 1)), 0)
    centre, level = size[both].mean(), logs[both].mean()
    slope = ((size[both] - centre) * (logs[both] - level)).sum() / (((size[both] - centre) ** 2).sum() + SLOPE_PRIOR)
    return np.where(known, slope * (size - centre), 0.0)
