"""What the ledger holds of a program's decisions: computed cycles, history, who may decide, and how outcomes close."""
