"""Signed statements, keys, roles, status list: who said what over exact evidence, and whether that can be believed."""
