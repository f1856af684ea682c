"""The pages of those who own planned actions, by their own link: what they plan, how far it has come, what is held."""
