"""Whether a language model's server is there, without asking it anything."""

import importlib.util
import socket
from urllib.parse import urlsplit

from nextplay.analysis.llm.settings import ModelSettings

# Where a provider answers if no address is set.
_USUAL = {
    "openai": "https://api.openai.com",
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com",
}
_SECONDS = 3.0


def out_of_reach(settings: ModelSettings) -> str:
    """What is missing, as a sentence; empty where nothing is. A key is looked for and never sent."""
    if importlib.util.find_spec("pydantic_ai") is None:
        return "the extra is not installed: pip install 'nextplay[llm]'."
    if not settings.key and not settings.local:
        return "NEXTPLAY_MODEL_KEY is not set."
    parts = urlsplit(settings.url or _USUAL[settings.provider])
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=_SECONDS).close()
    except OSError as error:
        return f"{parts.hostname}:{port} does not answer ({type(error).__name__})."
    return ""
