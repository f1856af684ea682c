"""Who is at an event: the list, and one attendee at a time."""
