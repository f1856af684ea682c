"""Thanks to the owners of actions once their follow-up is over, with what came of the event as a whole."""
