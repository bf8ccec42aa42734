"""Which positions are AI work, by definitions that are data, and which skills advertisements ask for."""

from macaw.relevance.positions.rules import Position, definitions, position_definitions, position_skills, skills

__all__ = ["Position", "definitions", "position_definitions", "position_skills", "skills"]
