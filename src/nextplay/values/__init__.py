"""Plain values of the field: money, months and days. Imports nothing of ours."""
