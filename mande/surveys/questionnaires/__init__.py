"""What is asked: definitions, their checks, and the library. Nothing here knows the database."""
