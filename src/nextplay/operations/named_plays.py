"""What plays are called."""

from nextplay.operations.installation import Installation


def label_of(installation: Installation, play: str) -> str:
    """What a play is called; its key where the program no longer has it."""
    return {one.name: one.label for one in installation.program.plays}.get(play, play.replace("_", " ").capitalize())
