"""Who was asked, reached, began and answered, and what those who did not can do to the figures."""
