"""What reminds people of their plays: the digest, the daily reminder, and the calendar."""
