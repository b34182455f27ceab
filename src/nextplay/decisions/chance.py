"""Numbers from a lot that anybody can draw again: they hang on the seed and on what is drawn for, on nothing else."""

import hashlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform(*drawn_for: object) -> float:
    """One number in (0, 1)."""
    return float(uniforms([drawn_for], draws=1)[0, 0])


def uniforms(drawn_for: list[tuple[object, ...]], draws: int) -> Floats:
    """`draws` numbers in (0, 1) for each key, shape (keys, draws). SplitMix64 (Steele, Lea, Flood 2014) over a BLAKE2 start."""
    keys = ["|".join(str(part) for part in key).encode() for key in drawn_for]
    starts = np.array([int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") for key in keys], dtype=np.uint64)
    steps = np.arange(1, draws + 1, dtype=np.uint64)
    mixed = starts.reshape(-1, 1) + steps * _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    # 53 bits fill a float; the half keeps 0 and 1 out.
    drawn: Floats = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return drawn
