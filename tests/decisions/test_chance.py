"""Lots that anybody can draw again."""

import numpy as np

from nextplay.decisions.chance import uniform, uniforms


def test_the_same_lot_falls_the_same_way_for_ever() -> None:
    assert uniform(0, "2026-03", "holdout", "p1") == uniform(0, "2026-03", "holdout", "p1")
    assert round(uniform(0, "2026-03", "holdout", "p1"), 12) == 0.924378267977


def test_another_seed_month_or_partner_draws_another_lot() -> None:
    lots = {uniform(seed, month, partner) for seed in (0, 1) for month in ("2026-03", "2026-04") for partner in ("p1", "p2")}
    assert len(lots) == 8


def test_lots_are_even_and_never_certain() -> None:
    drawn = uniforms([("lot", place) for place in range(200)], draws=200)
    assert drawn.shape == (200, 200)
    assert ((drawn > 0) & (drawn < 1)).all()
    assert abs(drawn.mean() - 0.5) < 0.005
    assert np.abs(np.histogram(drawn, 10, (0, 1))[0] / drawn.size - 0.1).max() < 0.006
    assert abs(np.corrcoef(drawn[0], drawn[1])[0, 1]) < 0.2
