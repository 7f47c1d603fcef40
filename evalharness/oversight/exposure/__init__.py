"""Exposure: how often those who read see severe items, shift by shift."""
