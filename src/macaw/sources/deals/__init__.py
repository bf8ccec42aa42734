"""Deals from any CSV, read by a column mapping."""
