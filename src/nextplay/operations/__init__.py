"""One verb a user can ask for, a file each. Who may see what is decided here."""
