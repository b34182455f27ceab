"""What each partner is becoming: tendencies of selling behaviour, read from signals."""
