"""The people of partners who read what is published for them, and how they get in."""
