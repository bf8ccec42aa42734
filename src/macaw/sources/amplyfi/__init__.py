"""Investments machine-read from Chinese news, with their sentences: evidence of links, never totals."""
