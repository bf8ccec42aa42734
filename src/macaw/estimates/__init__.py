"""Open factor models: an amount nobody counts, from factors that a reader can look up, doubt and change."""

from macaw.estimates.answer import Answer, estimate
from macaw.estimates.model import MODELS, Model, available, read_model

__all__ = ["MODELS", "Answer", "Model", "available", "estimate", "read_model"]
