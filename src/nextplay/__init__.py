"""nextplay decides what partner teams do next, and reads from the facts whether it worked."""
