"""The stories in the sample program: how each kind of partner behaves, in events a month."""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

SEGMENTS = ("Strategic", "Growth", "Emerging")


@dataclass(frozen=True)
class Archetype:
    """One kind of partner. Rates are events a month; shares are 0 to 1; days are counted back from today."""

    name: str
    # Partners in Strategic, Growth and Emerging.
    partners: tuple[int, int, int]
    # Stage once enabled long enough; earlier stages follow from the dates.
    stage: str
    # Signed between so many days ago.
    signed: tuple[int, int]
    logins: float
    webinars: float
    training: float
    meetings: float
    proposals: float
    accepted: float
    answer_days: float
    promises: float
    kept: float
    outreach: float
    answered: float
    # Deals a month when the history begins, and now.
    deals_from: float
    deals_to: float
    won: float = 0.3
    # Deal size beside the segment's usual one.
    size: float = 1.0
    # Share of deals that wait in qualification.
    stuck: float = 0.05
    # Chance that a selling role is filled.
    sellers: float = 0.8
    # Nothing much happens from so many days ago on; so many days after being enabled. 0: it goes on.
    quiet_from: float = 0
    quiet_after_enabled: float = 0
    documents: float = 2.0
    known: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())


# name, partners by segment, stage, signed: then logins, webinars, training, meetings, proposals, accepted, answer_days,
# promises, kept, outreach, answered, deals_from, deals_to
ARCHETYPES = (
    Archetype(
        *("steady_seller", (6, 10, 4), "active", (400, 1500)),
        *(3.5, 0.3, 0.25, 1.3, 0.8, 0.8, 1.2, 0.9, 0.88, 2.2, 0.4, 0.85, 0.95),
        won=0.36,
        documents=3.5,
        known=(("Halden Tarn Advisory", "Tollgarth Data"), ("Nordvane Systems", "Quernbury Solutions"), ()),
    ),
    Archetype(
        *("quiet_but_reliable", (1, 8, 5), "active", (380, 1400)),
        *(0.5, 0.03, 0.06, 0.35, 0.4, 0.9, 0.8, 0.55, 0.95, 1.0, 0.45, 0.6, 0.65),
        won=0.42,
        known=((), ("Ilmarsh Cloud",), ()),
    ),
    Archetype(
        *("small_but_rising", (0, 4, 10), "active", (260, 620)),
        *(2.8, 0.35, 0.4, 1.1, 0.9, 0.85, 0.9, 0.9, 0.85, 2.6, 0.42, 0.05, 1.05),
        size=0.7,
        documents=3.0,
        known=((), (), ("Kestrelwick",)),
    ),
    Archetype(
        *("big_but_fading", (6, 3, 0), "active", (900, 2000)),
        *(2.2, 0.2, 0.1, 0.9, 0.6, 0.45, 5.0, 0.6, 0.5, 0.7, 0.2, 1.7, 0.1),
        size=1.5,
        documents=4.0,
        known=(("Vireo Stand",), ("Corrant Bay Systems",), ()),
    ),
    Archetype(
        *("enabled_then_silent", (1, 8, 19), "enabled", (150, 480)),
        *(4.5, 0.6, 0.9, 0.9, 0.4, 0.35, 6.0, 0.3, 0.4, 0.3, 0.15, 0.012, 0.0),
        sellers=0.35,
        quiet_after_enabled=35,
        documents=1.5,
        known=((), ("Fennmoor Digital",), ("Pellucid Quay",)),
    ),
    Archetype(
        *("badge_collector", (1, 6, 9), "enabled", (300, 900)),
        *(9.0, 1.6, 1.3, 0.5, 0.4, 0.3, 4.0, 0.15, 0.35, 0.1, 0.1, 0.015, 0.01),
        sellers=0.3,
        known=((), ("Zephrin Labs",), ()),
    ),
    Archetype(
        *("polite_never_selling", (2, 6, 7), "enabled", (330, 1100)),
        *(1.8, 0.4, 0.15, 2.2, 1.2, 0.3, 1.5, 0.7, 0.16, 0.15, 0.1, 0.02, 0.01),
        sellers=0.5,
        documents=3.5,
        known=(("Eskeborough Group",), ("Bramwick Oake",), ("Marrowby Tech",)),
    ),
    Archetype(
        *("sponsor_left", (1, 5, 2), "active", (500, 1300)),
        *(3.0, 0.3, 0.2, 1.3, 0.8, 0.75, 1.5, 0.8, 0.85, 1.8, 0.35, 0.75, 0.75),
        quiet_from=110,
        documents=3.5,
        known=((), ("Dunmarrow IT",), ()),
    ),
    Archetype(
        *("stuck_in_qualification", (0, 6, 6), "active", (300, 1000)),
        *(2.4, 0.2, 0.3, 1.0, 0.8, 0.65, 2.5, 0.7, 0.7, 1.3, 0.3, 0.5, 0.65),
        won=0.18,
        stuck=0.75,
        documents=3.0,
        known=((), ("Aldermeer",), ()),
    ),
    Archetype(
        *("willing_but_unskilled", (0, 3, 6), "active", (280, 800)),
        *(2.5, 0.15, 0.02, 1.1, 0.9, 0.85, 1.0, 0.9, 0.88, 2.2, 0.12, 0.6, 0.7),
        won=0.07,
        size=0.6,
        known=((), (), ("Sundry Vale Partners",)),
    ),
    Archetype(
        *("occasional_seller", (0, 4, 17), "active", (350, 1500)),
        *(1.1, 0.15, 0.1, 0.45, 0.35, 0.55, 3.0, 0.3, 0.65, 0.5, 0.25, 0.16, 0.16),
    ),
    Archetype(
        *("cold_start", (0, 1, 7), "signed", (3, 58)),
        *(3.0, 0.4, 0.5, 1.2, 0.8, 0.7, 1.0, 0.7, 0.8, 0.3, 0.3, 0.0, 0.0),
        documents=1.0,
    ),
    Archetype(
        *("ended", (0, 0, 10), "inactive", (700, 1600)),
        *(1.2, 0.2, 0.1, 0.4, 0.3, 0.3, 6.0, 0.3, 0.4, 0.2, 0.1, 0.2, 0.05),
        documents=1.0,
    ),
    Archetype(
        *("prospect", (0, 1, 13), "prospect", (-1, -1)),
        *(0.0, 0.3, 0.0, 0.35, 0.2, 0.4, 4.0, 0.1, 0.5, 0.0, 0.0, 0.0, 0.0),
        documents=0.6,
    ),
)

NAMES = tuple(archetype.name for archetype in ARCHETYPES)


@cache
def column(name: str) -> NDArray[np.float64]:
    """One parameter over all archetypes, in their order. Raises KeyError for none of theirs."""
    if name not in {field.name for field in fields(Archetype)}:
        raise KeyError(name)
    return np.array([getattr(archetype, name) for archetype in ARCHETYPES], dtype=np.float64)
