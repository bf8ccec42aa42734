"""Reads news articles: the sentences that can be checked, their quantities, and what could settle them."""
