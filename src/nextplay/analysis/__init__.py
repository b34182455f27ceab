"""What each partner is: 4C scores, strengths and gaps, each with its evidence."""
