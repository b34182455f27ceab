"""Long work, the worker and the clock, and the list of verbs that they may run."""
