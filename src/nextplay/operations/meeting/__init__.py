"""The decision meeting, from what was owed to the signed summary."""
