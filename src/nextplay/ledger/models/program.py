"""Program files that were in force."""

from django.db import models


class ProgramFile(models.Model):
    """A program file as it was put in force; decisions bear its version."""

    version = models.CharField(max_length=40)
    text = models.TextField()
    put_by = models.CharField(max_length=254)
    put_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_program_file"
        indexes = [models.Index(fields=["version"], name="program_file_version")]

    def __str__(self) -> str:
        return f"{self.version} {self.put_at}"
