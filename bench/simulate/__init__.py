"""A small simulator: partners with a hidden truth, months of facts, and policies that spend the same hours."""
