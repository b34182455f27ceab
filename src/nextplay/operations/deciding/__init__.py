"""The month's list, and everything that people do to a decision."""
