"""What to do: verdict, focus list within hours, and the next best action for every partner."""
