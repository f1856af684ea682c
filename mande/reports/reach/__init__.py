"""Who was there: how far a convenor reached, and whom it left out."""
