"""In the room: cards and a page at the door, by which people answer while they are still there."""
