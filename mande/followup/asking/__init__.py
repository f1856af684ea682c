"""Asking owners how far they have come: when, in which words, and who is never asked."""
