"""Releases: the values that may be redistributed, frozen and shipped; and what is said of them first."""
