"""What an import says when a whole file, not a row of it, cannot be used."""


class UnreadableFile(ValueError):
    """A file that cannot be loaded at all. The message names the file, says what is wrong and how to mend it."""

    def __init__(self, file: str, problem: str, mend: str) -> None:
        """Keep the parts, so that a page can show them apart."""
        super().__init__(f"{file}: {problem} {mend}")
        self.file, self.problem, self.mend = file, problem, mend
