"""A seeded, believable program of a company that does not exist: stories that show up in the figures."""
