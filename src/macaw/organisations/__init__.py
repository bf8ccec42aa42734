"""Organisations: who they are, who owns them when, and which raw names mean them."""

from macaw.organisations.match import Match, Matcher
from macaw.organisations.names import tokens

__all__ = ["Match", "Matcher", "tokens"]
