"""Finding events: the list and the calendar."""
