"""The language model analyst: it may select quotes and rephrase the summary, and nothing it says moves a score."""
