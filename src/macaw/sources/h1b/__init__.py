"""Approvals of H-1B petitions by employer, as USCIS publishes them."""
