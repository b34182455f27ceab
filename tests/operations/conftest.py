"""The small program of the dashboards, for operations on it too."""

from tests.intelligence.conftest import embedded, small

__all__ = ["embedded", "small"]
