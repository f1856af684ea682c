"""Closing a survey, and what is counted of it."""
