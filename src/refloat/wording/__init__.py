"""How things are called, for people: what every door says alike, in the reader’s language."""
