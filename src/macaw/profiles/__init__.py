"""Profiles: what is known of a company or a country in every pillar, side by side and among peers."""

from macaw.profiles.assemble import Line, Peers, Profile, Profiles, parse_weights, profile

__all__ = ["Line", "Peers", "Profile", "Profiles", "parse_weights", "profile"]
