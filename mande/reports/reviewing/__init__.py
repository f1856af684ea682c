"""Reviewing what people wrote: original and printed text side by side, what changed, and whom it may name."""
