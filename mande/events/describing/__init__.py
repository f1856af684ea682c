"""What an event is: described by a file or on a page, checked, and stored."""
