"""All that is held about somebody, as they see it by their own link, and its erasure."""
