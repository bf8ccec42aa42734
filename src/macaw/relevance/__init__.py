"""Relevance: is a record about AI, and in which field?"""

from macaw.relevance.rules import DEFINITION, record_topics

__all__ = ["DEFINITION", "record_topics"]
