"""What each partner shows: numbers computed from facts for one partner and one day."""
