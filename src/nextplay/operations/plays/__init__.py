"""Plays under way: steps, accounts, promises, sessions, outcomes disputed; My week and the team's."""
