"""Chaos: whether the guarantee of docs/delivery.md holds while workers are killed and the mail server misbehaves."""
