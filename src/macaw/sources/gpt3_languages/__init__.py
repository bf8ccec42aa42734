"""Counts of languages in GPT-3's training data, as OpenAI published them."""
