"""A year's report over all events, or those of a programme: for the team, or for everybody."""
