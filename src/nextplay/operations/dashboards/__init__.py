"""Both dashboards, the rows and the making of every figure on them, and board packs."""
