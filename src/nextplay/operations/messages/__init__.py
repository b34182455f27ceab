"""Letters and channels: written down with what caused them, sent by the clock, never lost and never doubled."""
