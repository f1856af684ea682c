"""What came back, counted, as an edition may show it."""
