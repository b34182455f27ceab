"""Facts come in, by files, by the sample and by people's entries, and leave again."""
