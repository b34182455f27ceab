"""What happened: the tables of the facts contract, in whatever engine holds them."""
