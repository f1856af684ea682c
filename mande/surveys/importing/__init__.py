"""Answers that were gathered elsewhere."""
