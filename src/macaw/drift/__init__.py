"""Drift: which class, venue or source dies or jumps between periods, releases or versions of a classification."""

from macaw.drift.alarm import Count, Finding, Rule, against_past, against_release, never

__all__ = ["Count", "Finding", "Rule", "against_past", "against_release", "never"]
