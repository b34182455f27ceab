"""How providers stream an answer: the lines that their servers send, by the protocol each of them has written down."""

import json
from collections.abc import Iterator
from typing import Any

from nextplay.analysis.llm.settings import PROVIDERS

# What follows the address of a server, where the provider's library does not add it.
PATHS = dict.fromkeys(PROVIDERS, "") | {"openai": "/v1"}


def lines(provider: str, pieces: list[str], tokens: tuple[int, int], *, cut: bool) -> Iterator[bytes]:
    """The answer, piece by piece; `cut`: the line drops half way, without a word."""
    sent = pieces[: len(pieces) // 2] if cut else pieces
    yield from {"openai": _openai, "anthropic": _anthropic, "google": _google}[provider](sent, tokens, cut)


def _openai(pieces: list[str], tokens: tuple[int, int], cut: bool) -> Iterator[bytes]:
    whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "test-model"}
    for piece in pieces:
        delta = {"role": "assistant", "content": piece}
        yield _data(whole | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    if not cut:
        yield _data(whole | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        used = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
        yield _data(whole | {"choices": [], "usage": used})
        yield b"data: [DONE]\n\n"


def _anthropic(pieces: list[str], tokens: tuple[int, int], cut: bool) -> Iterator[bytes]:
    message = {"id": "m1", "type": "message", "role": "assistant", "model": "test-model", "content": []}
    begun = message | {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": tokens[0], "output_tokens": 1}}
    yield _event("message_start", {"message": begun})
    yield _event("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}})
    for piece in pieces:
        yield _event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}})
    if not cut:
        yield _event("content_block_stop", {"index": 0})
        ended = {"stop_reason": "end_turn", "stop_sequence": None}
        yield _event("message_delta", {"delta": ended, "usage": {"output_tokens": tokens[1]}})
        yield _event("message_stop", {})


def _google(pieces: list[str], tokens: tuple[int, int], cut: bool) -> Iterator[bytes]:
    pieces = pieces or [""]
    for at, piece in enumerate(pieces, start=1):
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": piece}]}, "index": 0}
        used = {"promptTokenCount": tokens[0], "candidatesTokenCount": tokens[1], "totalTokenCount": sum(tokens)}
        last = at == len(pieces) and not cut
        yield _data(
            {"candidates": [candidate | ({"finishReason": "STOP"} if last else {})], "modelVersion": "test-model"}
            | ({"usageMetadata": used} if last else {})
        )


def _event(kind: str, said: dict[str, Any]) -> bytes:
    return f"event: {kind}\n".encode() + _data({"type": kind} | said)


def _data(said: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(said).encode() + b"\n\n"
