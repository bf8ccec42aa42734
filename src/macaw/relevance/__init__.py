"""Relevance: is a record about AI, and in which field?"""

from macaw.relevance.rules import DEFINITION, record_topics, topics_table
from macaw.relevance.topics import DEFINITIONS as TEXT_DEFINITIONS
from macaw.relevance.topics import category_topics, text_topics

# Definitions of what a paper is about, the usual one first.
DEFINITIONS = (DEFINITION, *TEXT_DEFINITIONS)

__all__ = ["DEFINITION", "DEFINITIONS", "category_topics", "record_topics", "text_topics", "topics_table"]
