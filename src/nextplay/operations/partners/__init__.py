"""What is known of one partner or many: profile, signals, traits, scores, and the analysis that makes them."""
