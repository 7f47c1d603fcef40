"""Evidence to documents for people and for CI. Computes no metric: it lays out and words what the evidence holds.

Nothing is imported here: words and numbers are needed where no page is drawn.
"""
