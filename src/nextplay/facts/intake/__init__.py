"""From files to good rows and rejected rows."""
