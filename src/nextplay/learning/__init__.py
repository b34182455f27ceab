"""What it was worth: outcomes read from facts, and what they teach."""
