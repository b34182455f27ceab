"""What a partner's own people see, answer and are handed: their page, its links, the Activation Scorecard."""
