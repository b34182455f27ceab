"""The cues of `cues.toml`, put together into patterns."""

import tomllib
from importlib.resources import files

from nextplay.analysis.text.voice import CUSTOMER

_WRITTEN = tomllib.loads(files("nextplay.analysis.text").joinpath("cues.toml").read_text(encoding="utf-8"))


def _patterns() -> dict[str, str]:
    parts = {"customer_words": CUSTOMER}
    # In the order they are written: a part may name those above it.
    for name, alternatives in _WRITTEN["parts"].items():
        parts[name] = _filled(alternatives, parts)
    return {name: f"(?i){_filled(alternatives, parts)}" for name, alternatives in _WRITTEN["cues"].items()}


def _filled(alternatives: list[str], parts: dict[str, str]) -> str:
    pattern = "|".join(alternatives)
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return f"(?:{pattern})"


CUES: dict[str, str] = _patterns()
VETOES: dict[str, tuple[str, ...]] = {label: tuple(cues) for label, cues in _WRITTEN["vetoes"].items()}
