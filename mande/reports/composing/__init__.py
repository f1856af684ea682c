"""What staff write into a report and choose for it, before it is published."""
