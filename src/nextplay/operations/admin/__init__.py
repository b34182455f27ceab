"""Who runs the installation: set-up, program file, backup, doctor, tokens, journal."""
