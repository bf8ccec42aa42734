"""Positions from any CSV of the user's own, read by a column mapping."""
