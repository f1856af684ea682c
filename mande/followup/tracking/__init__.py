"""Planned actions as the team works with many of them: the list, the board, what is due, views, changes, figures."""
