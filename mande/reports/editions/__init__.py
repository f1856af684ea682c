"""Published editions of the report on an event: publishing them, and what they hold that its owners have taken back."""
