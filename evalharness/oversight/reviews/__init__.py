"""Review logs: who read which item, what they were shown, what they said."""
