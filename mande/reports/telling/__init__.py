"""Telling people that an edition was published: partners' readers, and those who took part."""
