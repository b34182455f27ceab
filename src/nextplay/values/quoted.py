"""Words of somebody else, marked as such."""


def quoted(words: str) -> str:
    """In quotation marks; a sentence that holds a quotation of its own stands as it is."""
    return words if "“" in words or '"' in words else f"“{words}”"
