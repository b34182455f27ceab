"""What partners and we wrote, read sentence by sentence for what it says of a partner; no model server is needed."""
