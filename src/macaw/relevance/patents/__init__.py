"""Is a patent family about AI, and in which field, function and technique? Definitions are data."""

from macaw.relevance.patents.classify import classify
from macaw.relevance.patents.definitions import Category, Definition, categories, concordance, definitions

__all__ = ["Category", "Definition", "categories", "classify", "concordance", "definitions"]
