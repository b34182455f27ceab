"""Pages: parse, call one operation, render."""
