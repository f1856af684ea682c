"""People over all events: one record each."""
