"""Planned actions as the team works with them: the tracker, and the page of each action."""
