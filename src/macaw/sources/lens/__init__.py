"""Lens.org: patent records of all offices, as a search exports them."""
