"""Planned actions, as an edition may tell of them."""
