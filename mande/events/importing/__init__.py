"""Taking attendee lists in, as people keep them."""
