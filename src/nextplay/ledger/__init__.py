"""What we committed to: every table, every read and every write of the ledger."""
