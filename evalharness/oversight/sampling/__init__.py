"""A drawn sample of every pile: how large, which items, the sheet for coders, and what comes back."""
